import { dirname } from 'node:path';
import { ownEngine, stopOwnEngine } from './own-engine.ts';

const root = dirname(import.meta.dirname);
const stopped = await stopOwnEngine(ownEngine(root));
console.log(stopped ? 'The engine that was started here is stopped.' : 'No engine was started here; nothing to stop.');
