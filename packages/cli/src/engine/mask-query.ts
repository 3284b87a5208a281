/**
 * Keys of a query whose values contain no secret: names, times and switches. All other values are masked, such as those
 * of `buildargs`, `labels` and `remote`.
 */
const SHOWN: ReadonlySet<string> = new Set([
  'all',
  'condition',
  'dockerfile',
  'filters',
  'follow',
  'force',
  'forcerm',
  'fromImage',
  'fromSrc',
  'logs',
  'name',
  'names',
  'noOverwriteDirNonDir',
  'nocache',
  'noprune',
  'one-shot',
  'path',
  'platform',
  'pull',
  'q',
  'quiet',
  'repo',
  'rm',
  'signal',
  'since',
  'stderr',
  'stdin',
  'stdout',
  'stream',
  't',
  'tag',
  'tail',
  'target',
  'timestamps',
  'until',
  'v',
  'version',
]);

/** The path of a request, decoded, with `***` in place of every value that could be secret. */
export function maskQuery(path: string): string {
  const [route = '', query] = split(path);
  if (query === undefined) return route;
  const pairs = [...new URLSearchParams(query)].map(([key, value]) => {
    if (SHOWN.has(key)) return `${key}=${value}`;
    // A key without a value could be anything.
    return value === '' ? '***' : `${key}=***`;
  });
  return `${route}?${pairs.join('&')}`;
}

function split(path: string): [string, string?] {
  const mark = path.indexOf('?');
  return mark === -1 ? [path] : [path.slice(0, mark), path.slice(mark + 1)];
}
