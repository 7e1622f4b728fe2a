"""The pages that managers live in; each asks once and shows, and a script then polls the same.

A page is five things. "Queues" would be:

1. `metrics/pages/queues.py`: a class. A page of figures that go on by themselves is a
   `FiguresPage` (what `metrics/overview/` answers, with charts if `has_charts`); any other is a
   `SitePage`, whose `context()` asks a query and presents it. Both know who may come in, the
   period, the frame, and what to say of a wrong window.
2. `metrics/shown/queues.py`: its presenter, a pure function from an answer to texts. What a
   script updates is said again in `static/js/shown/queues.js`, and both are given the same
   answers in `tests/browser/test_words_agree.py`. Phrases stand in `metrics/shown/words.py`.
3. `templates/metrics/queues.html`: extends `metrics/page.html`, which draws the frame, and marks
   what moves with `data-text`, `data-set` and `data-list` (static/js/binding.js).
4. `static/js/pages/queues.js`: `follow(present)` does the polling, the staleness and the words.
   Its imports stand as `modulepreload` in the template, so that they are not asked for in a row.
   What it looks like stands in `assets/pages/queues.css` (imported by assets/dashboard.css).
5. Its address in `metrics/pages/urls.py` and its entry in `metrics.pages.frame.PLACES`.

A list that may get long is shown a part at a time (`has_list`, `metrics/shown/part.py` and its
twin, `static/js/finding.js`, `templates/metrics/_finding.html`): what is looked for and which page
stand in the address.

What another app knows is shown in the same frame: `recognition.py` asks a function that settings
name, and gets HTML. A screen on the wall has no frame: `kiosk.py` draws the floor for it, and
`screen.py` lets it in by its key.

Links to other pages come from `metrics.shown.links.Links`: they keep site and period.
"""
