// On a page that stands in for a period without figures: goes there as soon as it has some.

import { poll } from "./polling.js";

const EVERY = 10_000;

/** Asks for the factory's figures of the wanted period. */
export function watchFor(url, page) {
  poll(url, {
    every: EVERY,
    onAnswer: ({ factory }) => {
      if (factory.newest_event_at || factory.scheduled_ms > factory.unknown_ms) location.replace(page);
    },
  });
}
