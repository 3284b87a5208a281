import { proxyShape } from '@lobbie/api/service/proxy-config';
import { integerIn, serviceShape } from '@lobbie/api/service/service-config';
import { z } from 'zod';

const EXTENSIONS = 'txt rtf doc docx xls xlsx pdf png jpg jpeg';

/** Environment of this service, beside that of every service on the shell. */
export const fileShareShape = {
  ...serviceShape,
  ...proxyShape,
  /** The folder that the files are in; replicas share it, and it outlives them. */
  FILES_DIR: z.string().default('/files'),
  /** Last extensions that a name may have, in any case. */
  ALLOWED_EXTENSIONS: z
    .string()
    .default(EXTENSIONS)
    .transform((text) =>
      text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    )
    .refine(
      (extensions) => extensions.length > 0 && extensions.every((extension) => /^[\p{L}\p{N}_-]+$/u.test(extension)),
      'expected extensions such as "txt pdf", without dots',
    )
    .transform((extensions): ReadonlySet<string> => new Set(extensions)),
  /** Largest file. */
  MAX_FILE_BYTES: integerIn(1, Number.MAX_SAFE_INTEGER).default(2_000_000_000),
  /** What all files may take together, those that are being received included; unless set, as much as the disk takes. */
  MAX_FOLDER_BYTES: integerIn(1, Number.MAX_SAFE_INTEGER).optional(),
  /** How long a client may take to send a file. */
  REQUEST_TIMEOUT_MS: integerIn(1, 86_400_000).default(3_600_000),
};

export type FileShareConfig = z.infer<z.ZodObject<typeof fileShareShape>>;
