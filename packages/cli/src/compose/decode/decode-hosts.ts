import { goFormat } from '../go-format.ts';
import { isList, isMap } from '../tree.ts';
import { bad, type Decode } from './decode.ts';

/** Lines `host=address`, sorted, from a mapping or from lines with `=` or `:`. */
export const extraHosts: Decode<string[]> = (value, place) => {
  const pairs: (readonly [string, string])[] = [];
  if (isMap(value)) {
    for (const [host, addresses] of Object.entries(value))
      for (const address of isList(addresses) ? addresses : [addresses]) pairs.push([host, goFormat(address)]);
  } else if (isList(value)) {
    for (const item of value) {
      const line = goFormat(item);
      const separator = line.includes('=') ? line.indexOf('=') : line.indexOf(':');
      if (separator === -1) {
        bad(place, `expected host=address, got "${line}"`);
        continue;
      }
      for (const address of line.slice(separator + 1).split(',')) pairs.push([line.slice(0, separator), address]);
    }
  }
  for (const [host] of pairs) if (host === '' || /[:=]/.test(host)) bad(place, `"${host}" is not a host name`);
  const lines = pairs.map(([host, address]) => `${host}=${address.replace(/^\[(.+)\]$/, '$1')}`).toSorted();
  const isEmpty = isMap(value) ? Object.keys(value).length === 0 : pairs.length === 0;
  return isEmpty ? undefined : lines;
};
