import { type Locate, type Problem, problemAt } from '../problem.ts';
import { checkFile } from '../schema/check-file.ts';
import { newMap } from '../tree.ts';
import type { YamlFile } from '../yaml/read-yaml.ts';
import { applyExtends } from './apply-extends.ts';
import { applyInclude } from './apply-include.ts';
import { finishIncluded } from './finish-included.ts';
import type { PlacedPath } from './include-entries.ts';
import { interpolate } from './interpolate.ts';
import { layOver } from './lay-over.ts';
import { locateIn, type Origin } from './locate.ts';
import type { Layer, Model, ModelPlace, ModelReading } from './model.ts';
import { extendedReader } from './read-extended.ts';
import { readOne } from './read-one.ts';

/** Reads and merges files: variables, checks, extends, include. */
export async function readModel(files: readonly YamlFile[], place: ModelPlace, reading: ModelReading): Promise<Model> {
  const { cwd, home, readFile, unset } = reading;
  const problems: Problem[] = files.flatMap((file) => file.problems);
  const warnings: Problem[] = [];
  // Kept separate, because their paths belong to other files.
  const ofIncluded: Problem[] = [];
  const sources = { files: [...files], origins: [] as Origin[] };
  const locate: Locate = (path) => locateIn(sources.files, sources.origins)(path);
  const report = (path: string, message: string) => void problems.push(problemAt(locate, path, message));
  const onExtended = (origin: Origin) => void sources.origins.push(origin);
  const onOpen = (yaml: YamlFile) => void sources.files.unshift(yaml);
  const layersOf = (yaml: YamlFile): Layer[] =>
    yaml.documents.map(({ tree, dropped }) => {
      const interpolation = { environment: place.environment, locate: locateIn([yaml]), problems, warnings, unset };
      return { yaml, dropped, tree: interpolate(tree, interpolation) };
    });
  const extending = {
    home,
    read: extendedReader({ readFile, layersOf, locate, problems, onOpen }),
    report,
    onExtended,
  };
  const layers = files.flatMap(layersOf);
  let tree = newMap();
  let isWhole = true;
  // From the last file, which is checked together with all before it.
  let blockers: readonly Problem[] = [];
  for (const { yaml, tree: own, dropped } of layers) {
    const { file } = yaml;
    const extended = await applyExtends(own, { file, dropped, directory: place.root }, extending);
    const here = locateIn([yaml]);
    const readIncluded = async (named: readonly PlacedPath[], at: ModelPlace): Promise<Model> => {
      const model = await readNamed(named, at, here, reading);
      ofIncluded.push(...model.problems);
      warnings.push(...model.warnings);
      sources.files.unshift(...model.sources.files);
      sources.origins.push(...model.sources.origins);
      return model;
    };
    const including = { file, place, locate: here, cwd, readFile, problems, warnings, readModel: readIncluded };
    const included = await applyInclude(extended, including);
    const alone = () => checkFile(own, here);
    const told = new Set(problems.map(({ path }) => path));
    const laid = layOver(tree, included.tree, { dropped, locate, alone, told });
    tree = laid.tree;
    problems.push(...laid.problems);
    isWhole &&= laid.whole && included.whole;
    blockers = laid.blockers;
  }
  const whole = isWhole && !sources.files.some((file) => file.problems.length > 0);
  return { tree, whole, problems: [...problems, ...ofIncluded], blockers, warnings, sources, locate };
}

/** A few files that include each other many times could take for ever. */
const MOST_INCLUDED = 500;

/** Reads the files of one entry of `include`. */
async function readNamed(
  named: readonly PlacedPath[],
  place: ModelPlace,
  locate: Locate,
  reading: ModelReading,
): Promise<Model> {
  const problems: Problem[] = [];
  const files: YamlFile[] = [];
  for (const { path, at } of named) {
    reading.included += 1;
    if (reading.included === MOST_INCLUDED + 1)
      problems.push(problemAt(locate, at, `more than ${MOST_INCLUDED} files are included`));
    if (reading.included > MOST_INCLUDED) continue;
    const yaml = await readOne(path, reading.readFile, problems, problemAt(locate, at, ''));
    if (yaml !== undefined) files.push(yaml);
  }
  const model = finishIncluded(await readModel(files, place, reading), place, reading.home);
  const whole = model.whole && files.length === named.length;
  return { ...model, whole, problems: [...problems, ...model.problems] };
}
