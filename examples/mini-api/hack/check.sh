#!/usr/bin/env bash
# Runs the image with and without the key, says of each answer whether it is right, and exits 0 only if all are.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source-path=SCRIPTDIR source=settings.sh
. ./settings.sh

FLASK_PORT=8000
# Made up here, and gone with the container.
API_KEY=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export API_KEY FLASK_PORT
container=
scratch=$(mktemp -d)
finish() {
  [ -z "$container" ] || docker rm --force "$container" >/dev/null
  rm -r "$scratch"
}
trap finish EXIT

failures=0
expect() {
  local what=$1 wanted=$2 given=$3
  if [ "$given" = "$wanted" ]; then
    printf 'ok      %s\n' "$what"
  else
    printf 'WRONG   %s\n  wanted: %s\n  given:  %s\n' "$what" "$wanted" "$given"
    failures=$((failures + 1))
  fi
}

# Status, content type and body of an answer, in one line; "no answer" if there is none.
ask() {
  curl --silent --max-time 5 --output "$scratch/body" --write-out '%{http_code} %{content_type}' "$@" >"$scratch/head" ||
    { printf 'no answer'; return; }
  printf '%s' "$(tr -s ' ' <"$scratch/head") $(cat "$scratch/body")"
}

container=$(docker run --detach --init "${RESTRICTED[@]}" --env API_KEY --env FLASK_PORT \
  --publish "127.0.0.1::$FLASK_PORT" "$IMAGE")
address=http://$(docker port "$container" "$FLASK_PORT/tcp" | head -n 1)
for _ in $(seq 100); do
  [ "$(ask "$address/ready")" = '200 application/json; charset=utf-8 {"status":"ready"}' ] && break
  sleep 0.1
done

refused='401 application/json; charset=utf-8 {"error":"A valid key is required in the header X-API-KEY."}'
expect 'health, without the key' '200  ' "$(ask "$address/health")"
expect 'greeting, with the key' '200 text/plain; charset=utf-8 Hello, World!' \
  "$(ask --header "X-API-KEY: $API_KEY" "$address/")"
expect 'greeting, without the key' "$refused" "$(ask "$address/")"
expect 'greeting, with another key' "$refused" "$(ask --header 'X-API-KEY: another' "$address/")"
expect 'metrics, without the key' "$refused" "$(ask "$address/metrics")"
expect 'OpenAPI, without the key' "$refused" "$(ask "$address/openapi.json")"
expect 'another path' '404 application/json; charset=utf-8 {"error":"There is nothing here."}' "$(ask "$address/other")"

docker stop --time 15 "$container" >/dev/null
expect 'exit status when stopped' 0 "$(docker inspect --format '{{.State.ExitCode}}' "$container")"
expect 'the key in the log' 0 "$(docker logs "$container" 2>&1 | grep --count "$API_KEY")"
expect 'the key in the image' 0 "$(docker history --no-trunc "$IMAGE" | grep --count "$API_KEY")"

unkeyed_status=0
unkeyed=$(docker run --rm "${RESTRICTED[@]}" "$IMAGE" 2>&1) || unkeyed_status=$?
expect 'exit status without API_KEY' 1 "$unkeyed_status"
expect 'what it says without API_KEY' 'API_KEY: is missing' "$unkeyed"

if [ "$failures" != 0 ]; then
  printf '%s wrong\n' "$failures"
  exit 1
fi
echo 'all right'
