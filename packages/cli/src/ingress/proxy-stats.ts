/** One line of `show stat`, by field name. Fields that a kind of line has not are empty. */
export type ProxyStats = Readonly<Record<string, string>>;

/** Reads the answer of `show stat`: comma-separated, the field names in the first line after `# `. */
export const parseProxyStats = (answer: string): ProxyStats[] => {
  const [header = '', ...lines] = answer.split('\n').filter((line) => line !== '');
  const fields = header.replace(/^# /, '').split(',');
  return lines.map((line) => {
    // The first fields only: free text, which may hold commas, comes after all that lobbie reads.
    const values = line.split(',');
    return Object.fromEntries(fields.map((field, index) => [field, values[index] ?? '']));
  });
};

/** A field as a number; 0 where the line has none. */
export const count = (stats: ProxyStats, field: string): number => Number(stats[field] ?? 0);
