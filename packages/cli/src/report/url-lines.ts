import stringWidth from 'string-width';
import type { PublishedUrl } from '../model/results.ts';
import { cleanText } from './clean-text.ts';
import type { Style } from './style.ts';

/** The addresses of the services, one a line, with the service's name if there are several services. */
export const urlLines = (published: readonly PublishedUrl[], { chalk }: Style): string[] => {
  const named = new Set(published.map(({ service }) => service)).size > 1;
  const rows = published.map(({ service, url }) => ({ service: cleanText(service), url: chalk.cyan(cleanText(url)) }));
  if (!named) return rows.map(({ url }) => `  ${url}`);
  const width = Math.max(...rows.map(({ service }) => stringWidth(service)));
  return rows
    .toSorted((a, b) => a.service.localeCompare(b.service))
    .map(({ service, url }) => `  ${service}${' '.repeat(width - stringWidth(service))}  ${url}`);
};
