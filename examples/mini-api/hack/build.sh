#!/usr/bin/env bash
# Builds the image on the local engine.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source-path=SCRIPTDIR source=settings.sh
. ./settings.sh

# From the root of the repository, for the service shell comes from packages/api.
docker build --file ../Dockerfile --build-arg "NODE_IMAGE=$NODE_IMAGE" --tag "$IMAGE" "$@" ../../..
