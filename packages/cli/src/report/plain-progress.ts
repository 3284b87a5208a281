import type { Writable } from 'node:stream';
import type { Progress } from './progress.ts';
import { createStory } from './story.ts';
import type { Style } from './style.ts';
import { plainLine } from './told-line.ts';

/** One line for each event. For ongoing steps it prints only news, such as a step of a build or a new last check. */
export const createPlainProgress = (err: Writable, style: Style): Progress => {
  const story = createStory();
  const news = new Set<string>();
  const print = (lines: readonly string[]): void => {
    for (const line of lines) err.write(`${line}\n`);
  };
  return {
    print,
    event(event) {
      const told = story.follow(event);
      if (told === undefined) return;
      const line = plainLine(told, style);
      // Layers, bytes and checks arrive many times a second. Each text is printed once.
      if (told.sign === 'news' && news.has(line)) return;
      if (told.sign === 'news') news.add(line);
      print([line]);
    },
    clear() {},
    close() {},
  };
};
