import { flag, listOf, mapWith, oneOf, orNothing, pairs, setOf, text, textOrNumber } from './forms.ts';
import { key, requiredKey } from './key-doc.ts';

const command = () =>
  orNothing(oneOf('text or a list of text', text(), listOf(text(), 'a list of text')), 'text or a list of text');

const envFile = () =>
  oneOf(
    'a path or a list of paths',
    text(),
    listOf(
      oneOf(
        'a path or a map',
        text(),
        mapWith({
          path: requiredKey(text(), 'Path of the file.'),
          required: key(flag(), 'Whether a missing file is an error. Default: true.'),
          format: key(text(), 'With `raw`, values are used unchanged.'),
        }),
      ),
      'a list of paths',
    ),
  );

/** The process in the container and its environment. */
export const processKeys = {
  command: key(command(), "Replaces the image's CMD. Text is split into words as by a shell, but no shell runs it."),
  entrypoint: key(command(), "Replaces the image's ENTRYPOINT; `[]` clears it."),
  environment: key(
    pairs(),
    "Environment of the container. A name without a value takes the value from lobbie's environment. If there is none, the variable is removed, even if the image sets it.",
    'Secret values are never shown: see [below](#secret-values).',
  ),
  env_file: key(envFile(), 'Files with more variables. `environment` overrides them.'),
  user: key(text(), 'User of the process: `"1000:1000"`.'),
  group_add: key(setOf(textOrNumber(), 'a list of groups'), 'Additional groups of the user.'),
  working_dir: key(text(), 'Working directory in the container.'),
  hostname: key(text(), 'Host name inside the container.'),
  domainname: key(text(), 'Domain name inside the container.'),
  tty: key(flag(), 'Allocate a terminal.'),
  stdin_open: key(flag(), 'Keep standard input open.'),
  init: key(flag(), 'Run an init as process 1 that forwards signals and reaps processes.'),
  labels: key(
    pairs(),
    'Labels of the container.',
    'lobbie itself sets labels under `com.docker.compose.`, and refuses labels under `dev.lobbie.`.',
  ),
  label_file: key(
    oneOf('a path or a list of paths', text(), listOf(text(), 'a list of paths')),
    'Files with more labels. `labels` overrides them.',
  ),
  annotations: key(pairs(), 'Annotations of the container, for the runtime.'),
};
