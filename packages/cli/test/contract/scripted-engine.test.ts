import { describe } from 'vitest';
import { scriptedEngine } from '../rollout/scripted-engine.ts';
import { engineContract } from './engine-contract.ts';

describe('the scripted engine', () => {
  engineContract({
    engine: scriptedEngine(),
    image: 'app:1',
    labels: { 'dev.example.contract': 'scripted' },
    subnet: '10.249.7',
    name: (what) => `contract-${what}`,
  });
});
