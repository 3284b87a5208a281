import { parseSize } from '../parse/parse-size.ts';
import type { BlkioConfig } from '../service-config.ts';
import { isMap, newMap } from '../tree.ts';
import { count, type Decode, listOf, number, object, text } from './decode.ts';

const path: Decode<string> = (value, place) => text(value, place) ?? '';

const weights = listOf(
  object<{ Path: string; Weight: number }>({
    Path: path,
    Weight: (value, place) => count(value, place) ?? 0,
  }),
);

const rates = listOf(
  object<{ Path: string; Rate: string }>({
    Path: path,
    Rate: (value) => (typeof value === 'string' ? String(parseSize(value) ?? 0) : String(value ?? 0)),
  }),
);

/** The keys begin with capitals in the canonical form but not in a file. */
const capitals =
  <T>(decode: Decode<T>): Decode<T> =>
  (value, place) =>
    decode(
      Array.isArray(value)
        ? value.map((item) =>
            isMap(item)
              ? newMap(
                  Object.entries(item).map(
                    ([key, entry]) => [key.charAt(0).toUpperCase() + key.slice(1), entry] as const,
                  ),
                )
              : item,
          )
        : value,
      place,
    );

/** Limits on block devices. */
export const blkio: Decode<BlkioConfig> = object<BlkioConfig>({
  weight: number,
  weight_device: capitals(weights),
  device_read_bps: capitals(rates),
  device_read_iops: capitals(rates),
  device_write_bps: capitals(rates),
  device_write_iops: capitals(rates),
});
