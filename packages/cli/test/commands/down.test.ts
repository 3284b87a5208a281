import { describe, expect, it } from 'vitest';
import { type DownOptions, down } from '../../src/commands/down.ts';
import { ledgerVolumeName } from '../../src/model/names.ts';
import { scriptedEngine } from '../rollout/scripted-engine.ts';
import { commandContext } from './command-context.ts';

const LEDGER = ledgerVolumeName('p');

/** The question before a removal that is then declined, on an engine that has these volumes of project `p`. */
async function questionOf(options: Partial<DownOptions>, volumes: readonly string[]): Promise<string[]> {
  const engine = scriptedEngine();
  for (const name of volumes) await engine.createVolume({ name, labels: { 'com.docker.compose.project': 'p' } });
  await engine.createVolume({ name: 'q_data', labels: { 'com.docker.compose.project': 'q' } });
  const questions: string[] = [];
  const confirm = async (question: string): Promise<boolean> => questions.push(question) === 0;
  const context = { ...commandContext(engine), confirm };
  const result = await down(context, { history: false, volumes: false, yes: false, ...options });
  expect(result).toMatchObject({ outcome: 'declined', removed: [] });
  expect(engine.look().volumes).toEqual([...volumes.filter((name) => name !== LEDGER), 'q_data']);
  expect(engine.containers()).toEqual([]);
  return questions;
}

describe('down', () => {
  it('names the volumes and the record before it asks whether to delete them', async () => {
    const record = 'the record of every container that has run';
    expect(await questionOf({ volumes: true }, [])).toEqual([
      'Project p: delete its anonymous volumes (it has no named ones)? This cannot be undone.',
    ]);
    expect(await questionOf({ volumes: true }, ['p_data'])).toEqual([
      'Project p: delete volume p_data, and anonymous ones, with all data? This cannot be undone.',
    ]);
    expect(await questionOf({ volumes: true, history: true }, ['p_data', 'p_logs'])).toEqual([
      `Project p: delete volumes p_data, p_logs, and anonymous ones, with all data, and ${record}? This cannot be undone.`,
    ]);
    expect(await questionOf({ history: true }, ['p_data'])).toEqual([
      `Project p: delete ${record}? This cannot be undone.`,
    ]);
  });

  it('leaves no keeper behind when it is declined after the project was taken down', async () => {
    // The ledger stays after a `down`.
    await questionOf({ volumes: true }, [LEDGER]);
    await questionOf({ history: true }, [LEDGER]);
  });
});
