import type { Rule } from './rule.ts';

/** Services without an image, and builds with contradictory keys. */
export const images: Rule = function* ({ services }) {
  for (const [name, { image = '', build, platform, provider }] of Object.entries(services)) {
    const path = ['services', name];
    if (image === '' && build === undefined && provider === undefined)
      yield { path, message: 'expected "image" or "build", got neither' };
    if (build === undefined) continue;
    if (build.dockerfile !== undefined && build.dockerfile_inline !== undefined)
      yield { path: [...path, 'build'], message: 'expected "dockerfile" or "dockerfile_inline", got both' };
    if (platform !== undefined && build.platforms !== undefined && !build.platforms.includes(platform)) {
      const message = `"${platform}", the platform of the service, is not among them`;
      yield { path: [...path, 'build', 'platforms'], message };
    }
  }
};
