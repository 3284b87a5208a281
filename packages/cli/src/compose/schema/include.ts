import { listOf, mapWith, oneOf, orNothing, text, textOrNumber } from './forms.ts';
import { key } from './key-doc.ts';

const PATHS = 'a path or a list of paths';

const paths = () => orNothing(oneOf(PATHS, text(), listOf(text(), 'a list of paths')), PATHS);

/** The value of `include`: files, each as a path or a map. */
export const include = orNothing(
  listOf(
    orNothing(
      oneOf(
        'a path or a map',
        text(),
        mapWith({
          path: key(paths(), 'The file, or a list of files to merge in this order.'),
          project_directory: key(
            orNothing(textOrNumber('a directory'), 'a directory'),
            'Base directory for relative paths in these files. Default: the directory of the first one.',
          ),
          env_file: key(
            paths(),
            'Variables for `$X` in these files. Variables of the project override them. Default: `.env` in the project directory above.',
          ),
        }),
      ),
      'a path or a map',
    ),
    'a list',
  ),
  'a list',
);

/** The keys of an entry. Docker Compose ignores others. */
export const INCLUDE_KEYS = ['path', 'project_directory', 'env_file'] as const;
