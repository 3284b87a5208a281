import { cpus, totalmem } from 'node:os';
import type { Bench } from './bench.ts';

/** Where figures were taken. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly engine: string;
  readonly node: string;
  /** Of Docker Compose; null without it. */
  readonly compose: string | null;
}

export async function describeMachine({ engine, compose }: Bench): Promise<Machine> {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    engine: (await engine.info()).version,
    node: process.versions.node,
    compose: compose?.version ?? null,
  };
}
