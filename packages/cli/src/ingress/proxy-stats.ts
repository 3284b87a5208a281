/** One line of `show stat`, by field name. Fields that do not apply to a line are empty. */
export type ProxyStats = Readonly<Record<string, string>>;

/** Reads the answer to `show stat`: comma-separated, with the field names in the first line after `# `. */
export const parseProxyStats = (answer: string): ProxyStats[] => {
  const [header = '', ...lines] = answer.split('\n').filter((line) => line !== '');
  const fields = header.replace(/^# /, '').split(',');
  return lines.map((line) => {
    // Only the first fields: free text, which may contain commas, comes after everything that lobbie reads.
    const values = line.split(',');
    return Object.fromEntries(fields.map((field, index) => [field, values[index] ?? '']));
  });
};

/** A field as a number; 0 if the line does not have it. */
export const count = (stats: ProxyStats, field: string): number => Number(stats[field] ?? 0);
