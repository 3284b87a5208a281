import type { ImageProgress } from '../model/image.ts';
import type { StreamLine } from './failure-of.ts';

/** A line of `POST /images/create`. */
export interface PullLine extends StreamLine {
  readonly id?: string;
  readonly status?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

/** Adds up the layers of a pull: downloaded and announced bytes; undefined for lines that are not about a layer. */
export function pullProgress(): (line: PullLine) => ImageProgress | undefined {
  const layers = new Map<string, { current: number; total: number; done: boolean }>();
  return ({ id, status, progressDetail }) => {
    if (id === undefined || status === undefined || status.startsWith('Pulling from')) return undefined;
    const layer = layers.get(id) ?? { current: 0, total: 0, done: false };
    layers.set(id, layer);
    if (status === 'Downloading') {
      layer.current = progressDetail?.current ?? layer.current;
      layer.total = progressDetail?.total ?? layer.total;
    } else if (/^(Download|Pull) complete|^Already exists/.test(status)) {
      layer.current = layer.total;
      layer.done ||= !status.startsWith('Download');
    }
    const all = [...layers.values()];
    const total = all.reduce((sum, each) => sum + each.total, 0);
    return {
      message: `${all.filter(({ done }) => done).length} of ${all.length} layers`,
      ...(total > 0 && { current: all.reduce((sum, each) => sum + each.current, 0), total }),
    };
  };
}
