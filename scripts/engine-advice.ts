/** Facts about the machine that decide how to get an engine. */
export interface MachineFacts {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  readonly hasApt: boolean;
  /** The socket exists, but this user may not use it. */
  readonly denied: boolean;
}

/** One sentence on how to get a Docker Engine here, for machines where the scripts do not start one. */
export function engineAdvice(facts: MachineFacts): string {
  if (facts.platform === 'darwin') {
    return 'Install and start Docker Desktop (`brew install --cask docker`, then `open -a Docker`), then run this again.';
  }
  if (facts.platform === 'win32') {
    return 'Install and start Docker Desktop (`winget install Docker.DockerDesktop`), then run this again.';
  }
  if (facts.platform !== 'linux') {
    return 'Point DOCKER_HOST at a Docker Engine on a Linux machine (`export DOCKER_HOST=ssh://user@machine`), then run this again.';
  }
  if (facts.denied) {
    return 'Give this user access to the engine (`sudo usermod -aG docker "$USER"`, then log in again), then run this again.';
  }
  if (!facts.isRoot && facts.hasApt) {
    return 'Install and start one (`sudo apt-get install docker.io && sudo usermod -aG docker "$USER"`, then log in again), or run this as root, which does it for you.';
  }
  if (!facts.isRoot) {
    return "Install Docker from your distribution's packages, start it (`sudo systemctl start docker`), then run this again.";
  }
  return "Install Docker from your distribution's packages, so that `dockerd` is on the PATH, then run this again.";
}
