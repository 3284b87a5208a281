import { listOf, mapWith, oneOf, orNothing, text, textOrNumber } from './forms.ts';
import { key } from './key-doc.ts';

const PATHS = 'a path or a list of paths';

const paths = () => orNothing(oneOf(PATHS, text(), listOf(text(), 'a list of paths')), PATHS);

/** What `include` may say: files, each by its path or as a map. */
export const include = orNothing(
  listOf(
    orNothing(
      oneOf(
        'a path or a map',
        text(),
        mapWith({
          path: key(paths(), 'The file, or a list of files that are merged in this order.'),
          project_directory: key(
            orNothing(textOrNumber('a directory'), 'a directory'),
            'Where relative paths in these files start; unsaid, the directory of the first one.',
          ),
          env_file: key(
            paths(),
            'Variables for `$X` in these files; those of the project win. Unsaid, `.env` of the project directory above.',
          ),
        }),
      ),
      'a path or a map',
    ),
    'a list',
  ),
  'a list',
);

/** Keys of an entry; Docker Compose passes over others. */
export const INCLUDE_KEYS = ['path', 'project_directory', 'env_file'] as const;
