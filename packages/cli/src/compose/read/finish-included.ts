import { checkIncluded } from '../check/check-config.ts';
import { decodeConfig } from '../decode/decode-config.ts';
import { type Problem, problemAt } from '../problem.ts';
import { checkSupport } from '../schema/check-support.ts';
import { isList, isMap, mapValues, newMap, type Tree, type TreeMap, withEntries } from '../tree.ts';
import { KEPT_VALUE } from './kept-values.ts';
import type { Model, ModelPlace } from './model.ts';
import { resolvePaths } from './resolve-paths.ts';
import { setDefaults } from './set-defaults.ts';

/**
 * Prepares an included model for the including one: fills in defaults, makes paths relative to the includer's
 * directory, and keeps the values of variables that only the included files know.
 */
export function finishIncluded(model: Model, { directory, environment }: ModelPlace, home: string | undefined): Model {
  const tree = resolvePaths(setDefaults(model.tree), { directory, home });
  // Decoding the whole project reports the problems.
  const config = decodeConfig(tree, '', () => undefined);
  return {
    ...model,
    tree: resolveVariables(tree, environment),
    problems: [...model.problems, ...checkIncluded(config, model.locate)],
    warnings: [...model.warnings, ...warningsOf(model)],
  };
}

/** Warnings about keys that have no effect in included files. */
function warningsOf({ tree, locate }: Model): Problem[] {
  const { services, networks, volumes, secrets, configs, models, ...top } = tree;
  const { warnings } = checkSupport(newMap(Object.entries(top)), locate);
  const isUnread = 'x-lobbie' in top;
  const unread = 'has no effect in an included file: move it to the file that includes it';
  return isUnread ? [...warnings, problemAt(locate, 'x-lobbie', unread)] : [...warnings];
}

/** As in Docker Compose: resolves names without a value in an `environment` list, not in a map. */
function resolveVariables(tree: TreeMap, environment: Readonly<Record<string, string>>): TreeMap {
  const valueIn = (name: Tree | undefined) =>
    typeof name === 'string' && Object.hasOwn(environment, name) ? environment[name] : undefined;
  const inService = (service: Tree): Tree => {
    if (!isMap(service) || !isList(service.environment)) return service;
    const lines = service.environment.map((line) => {
      const value = valueIn(line);
      return value === undefined ? line : `${line}=${value}`;
    });
    return withEntries(service, { environment: lines });
  };
  const inSource = (object: Tree): Tree => {
    const value = isMap(object) ? valueIn(object.environment) : undefined;
    if (!isMap(object) || value === undefined) return object;
    return withEntries(object, { [KEPT_VALUE]: newMap([[String(object.environment), value]]) });
  };
  const each = (kind: Tree | undefined, change: (value: Tree) => Tree) =>
    isMap(kind) ? mapValues(kind, change) : undefined;
  return withEntries(tree, {
    services: each(tree.services, inService),
    secrets: each(tree.secrets, inSource),
    configs: each(tree.configs, inSource),
  });
}
