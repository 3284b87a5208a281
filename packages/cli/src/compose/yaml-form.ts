import type { ComposeConfig } from './compose-config.ts';
export const toYamlForm = (config: ComposeConfig): unknown => config;
