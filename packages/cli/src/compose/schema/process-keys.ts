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
          required: key(flag(), 'Whether a missing file is an error; unsaid, it is.'),
          format: key(text(), '`raw`: values are taken as they are.'),
        }),
      ),
      'a list of paths',
    ),
  );

/** What runs in the container, and what it is told. */
export const processKeys = {
  command: key(command(), "Replaces the image's CMD. Text is split like a shell does, without being run by one."),
  entrypoint: key(command(), "Replaces the image's ENTRYPOINT; `[]` clears it."),
  environment: key(
    pairs(),
    "Environment of the container. A bare name takes its value from the environment of lobbie; where it has none there, the variable is gone, the image's too.",
    'Secret values are never shown: see [below](#secret-values).',
  ),
  env_file: key(envFile(), 'Files with further variables; `environment` wins.'),
  user: key(text(), 'User of the process: `"1000:1000"`.'),
  group_add: key(setOf(textOrNumber(), 'a list of groups'), 'Further groups of the user.'),
  working_dir: key(text(), 'Directory the process starts in.'),
  hostname: key(text(), 'Name that the container has for itself.'),
  domainname: key(text(), 'Domain that the container has for itself.'),
  tty: key(flag(), 'Give the process a terminal.'),
  stdin_open: key(flag(), 'Keep its standard input open.'),
  init: key(flag(), 'Run a small init as process 1, which passes signals on and reaps children.'),
  labels: key(
    pairs(),
    'Labels of the container.',
    'Those under `com.docker.compose.` are set by lobbie, and those under `dev.lobbie.` refused.',
  ),
  label_file: key(
    oneOf('a path or a list of paths', text(), listOf(text(), 'a list of paths')),
    'Files with further labels; `labels` wins.',
  ),
  annotations: key(pairs(), 'Annotations of the container, for the runtime.'),
};
