import { writeFileSync } from 'node:fs';
import { BUILDS, buildConfig, findKustomize, renderedFile } from './kustomize.ts';

// Writes what kustomize makes of each folder into rendered/, where reviews see it and tests read it.

const kustomize = findKustomize();
if (kustomize === undefined) throw new Error('Neither kustomize 5 nor kubectl with it is installed.');
for (const folder of BUILDS) writeFileSync(renderedFile(folder), buildConfig(kustomize, folder));
