# shellcheck shell=bash
# What the scripts beside this one share; each can be set from outside.

# The image that build.sh makes, run.sh runs and overlays/dev deploys.
IMAGE=${IMAGE:-mini-api:dev}
# What the image is made from; see the Dockerfile.
NODE_IMAGE=${NODE_IMAGE:-$(sed -n 's/^ARG NODE_IMAGE=//p' "$(dirname "${BASH_SOURCE[0]}")/../Dockerfile")}
# Where run.sh publishes the service, on 127.0.0.1.
HOST_PORT=${HOST_PORT:-8082}
# Where the service listens inside its container; config/base/configmap.yaml has it for Kubernetes.
FLASK_PORT=${FLASK_PORT:-5000}

# The rights and limits of config/base/deployment.yaml.
# shellcheck disable=SC2034 # for the scripts that read this
RESTRICTED=(--read-only --cap-drop ALL --security-opt no-new-privileges --user 1000:1000 --memory 128m --pids-limit 128)
