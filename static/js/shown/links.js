// Addresses of a site's pages, as metrics/shown/links.py has them.

export class Links {
  constructor({ base, query }) {
    this.base = base;
    this.query = query;
  }

  page(path = "", more = {}) {
    const extra = Object.entries(more).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join("");
    return `${this.base}${path ? `${path}/` : ""}${this.query}${extra}`;
  }

  site(code, path = "") {
    const root = this.base.slice(0, this.base.lastIndexOf("/", this.base.length - 2) + 1);
    return new Links({ base: `${root}${part(code)}/`, query: this.query }).page(path);
  }

  worker(code) {
    return this.page(`workers/${part(code)}`);
  }

  workstation(code) {
    return this.page(`workstations/${part(code)}`);
  }
}

function part(code) {
  return encodeURIComponent(code.replaceAll("%", "%25").replaceAll("/", "%2F"));
}
