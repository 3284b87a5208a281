#!/usr/bin/env bash
# Runs the image until Ctrl-C, with the rights that it has in the cluster; takes API_KEY from the environment.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source-path=SCRIPTDIR source=settings.sh
. ./settings.sh
: "${API_KEY:?set API_KEY to the key that clients have to send}"

# By name only, so that the key is not among the arguments of a process.
export API_KEY FLASK_PORT
exec docker run --rm --init "${RESTRICTED[@]}" --env API_KEY --env FLASK_PORT \
  --publish "127.0.0.1:$HOST_PORT:$FLASK_PORT" "$@" "$IMAGE"
