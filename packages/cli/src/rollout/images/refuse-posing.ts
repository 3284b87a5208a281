import { LobbieError } from '../../model/errors.ts';
import type { ImageDetails } from '../../model/image.ts';
import { posingLabels } from '../../model/reserved.ts';
import type { Service } from '../../model/service.ts';

/**
 * Refuses images with lobbie's own labels, because each of their containers would look as if lobbie had created it.
 *
 * @throws LobbieError `INVALID_INPUT` with every service that has such an image
 */
export function refusePosing(
  images: readonly { readonly service: Pick<Service, 'name' | 'image'>; readonly details: ImageDetails | undefined }[],
): void {
  const problems = images.flatMap(({ service, details }) => {
    const labels = posingLabels(details?.labels ?? {});
    if (labels.length === 0) return [];
    return [
      `services.${service.name}.image: image ${service.image} carries ${labels.length === 1 ? 'the label' : 'the labels'} ${labels.join(', ')}, which only lobbie sets, and only on containers`,
    ];
  });
  if (problems.length === 0) return;
  throw new LobbieError('INVALID_INPUT', problems.join('\n'), {
    hint: "Nothing was changed. Remove the LABEL from the Dockerfile or choose another image. Its containers would look like lobbie's own.",
  });
}
