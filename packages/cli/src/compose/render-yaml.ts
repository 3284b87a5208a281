export const renderYaml = (value: unknown): string => JSON.stringify(value);
