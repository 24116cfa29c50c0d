#!/usr/bin/env bash
# The main job once, on a real engine: the example component is fetched from a GitHub on loopback, built, run and asked; then
# the same from a directory; then stopped. `make demo` builds the agent and runs this.
#
# The machine's engine is used when one answers, otherwise a private one (Tests/support/with-engine, needs root). Of an engine
# that was there before, only what this demo made is touched, and it is removed again.
set -euo pipefail
cd "$(dirname "$0")/.."

agent=$(realpath "${RUNNER_AGENT_BINARY:-.build/dist/runner-agent}")
support=$PWD/Tests/support
started=$SECONDS
[[ -x $agent ]] || { echo "demo: no $agent (make release builds it)" >&2; exit 1; }

export DOCKER_HOST=${DOCKER_HOST:-unix:///var/run/docker.sock}
engine_get() {
    case $DOCKER_HOST in
    unix://*) curl -sf --max-time 10 --unix-socket "${DOCKER_HOST#unix://}" "http://engine$1" ;;
    tcp://*) curl -sf --max-time 10 "http://${DOCKER_HOST#tcp://}$1" ;;
    *) return 1 ;;
    esac
}
if ! engine_get /_ping >/dev/null; then
    [[ -z ${DEMO_HAS_ENGINE:-} ]] || { echo "demo: the private engine does not answer" >&2; exit 1; }
    echo "No engine answers at $DOCKER_HOST: starting a private one."
    DEMO_HAS_ENGINE=1 exec "$support/with-engine" "$0"
fi

work=$(mktemp -d /tmp/ra-demo.XXXXXX)
socket=$work/agent.sock
agent_pid='' base_image='' owner=''

# Any way out: end what runs, remove what was made.
clean_up() {
    local status=$?
    trap - EXIT
    set +e
    if [[ -n $agent_pid ]]; then
        # Stopping what a failure left running; ids that are stopped already are answered with success.
        local id
        for id in $(instances id 2>/dev/null); do "$agent" stop --socket "$socket" "$id" >/dev/null 2>&1; done
        kill "$agent_pid" 2>/dev/null
        wait "$agent_pid" 2>/dev/null
    fi
    [[ -z $owner ]] || "$support/remove-owned" "$owner"
    [[ $base_image != imported ]] || "$support/base-image" remove
    if ((status != 0)); then
        echo "demo: failed; the end of the agent's log:" >&2
        tail -n 20 "$work/agent.log" >&2
    fi
    rm -rf "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

bold='' plain=''
if [[ -t 1 ]]; then bold=$'\033[1m' plain=$'\033[0m'; fi
title() { printf '\n%s\n' "$bold$*$plain"; }
# Shows a command of the agent as one would type it, and runs it.
run() {
    printf '$ runner-agent %s\n' "$*"
    "$agent" "$1" --socket "$socket" "${@:2}"
}
# A member of each live instance, newest first: `id`, or `url` of its first endpoint.
instances() {
    "$agent" call --socket "$socket" runner.list '{"status": ["starting", "running"]}' | python3 -c '
import json, sys
answer = json.load(sys.stdin)
for instance in answer.get("result", answer)["instances"]:
    print(instance["id"] if sys.argv[1] == "id" else instance["endpoints"][0]["url"])' "$1"
}
# Remembers whose the containers are, so that what this agent made can be told from everything else.
learn_owner() {
    owner=$(engine_get "/containers/json?filters=%7B%22label%22%3A%5B%22dev.runner-agent.instance%3D$1%22%5D%7D" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["Labels"]["dev.runner-agent.owner"])')
}

title "Engine: $(engine_get /version | python3 -c 'import json, sys; v = json.load(sys.stdin); print(v["Version"], "API", v["ApiVersion"])') at $DOCKER_HOST"
base_image=$("$support/base-image" import)

title "A component in a repository, on a GitHub of our own"
cp -r Tests/examples/hello "$work/hello"
if (exec 3<>/dev/tcp/127.0.0.1/3000) 2>/dev/null; then
    echo "Port 3000 is taken on this machine: any free one will do."
    sed -i 's/ports: \[3000\]/ports: ["auto:3000"]/' "$work/hello/.runner/config.yml"
fi
"$support/make-repository" "$work/hello" "$work/repositories" example/hello >/dev/null
coproc GITHUB { exec "$support/loopback-github" "$work/repositories"; }
read -r -t 30 addresses <&"${GITHUB[0]}" || { echo "demo: the loopback GitHub did not start" >&2; exit 1; }
read -r api codeload host < <(python3 -c 'import json, sys; a = json.loads(sys.argv[1]); print(a["api"], a["codeload"], a["host"])' "$addresses")
sed 's/^/    /' "$work/hello/.runner/config.yml"

title "The agent"
cat >"$work/config.yml" <<YAML
github:
  - host: "$host"
    apiBaseUrl: "$api"
    archiveHosts: ["${codeload#http://}"]
    allowHttp: true
YAML
mkfifo "$work/ready"
"$agent" serve --socket "$socket" --state-dir "$work/state" --cache-dir "$work/cache" --config "$work/config.yml" \
    --public-host 127.0.0.1 2> >(tee "$work/agent.log" >"$work/ready") &
agent_pid=$!
exec 4<"$work/ready"
while read -r -t 30 line <&4; do
    [[ $line == *"listening on"* ]] && break
done
[[ ${line:-} == *"listening on"* ]] || { echo "demo: the agent did not start" >&2; exit 1; }
cat <&4 >/dev/null &
echo "$line"

title "Start it from the repository"
run start component:default/hello --location "url:http://$host/example/hello/tree/main/" --wait healthy
id=$(instances id | head -n 1) url=$(instances url | head -n 1)
learn_owner "$id"
printf '\n$ curl %s\n' "$url"
curl -sS --max-time 10 "$url"

title "What it logs"
run logs --tail 5 "$id"

title "Change it and start it again, now from its directory: it takes the place of the first"
sed -i 's/GREETING: Hello/GREETING: Hello again/' "$work/hello/.runner/config.yml"
run start component:default/hello --path "$work/hello" --wait healthy
id=$(instances id | head -n 1) url=$(instances url | head -n 1)
printf '\n$ curl %s\n' "$url"
curl -sS --max-time 10 "$url"
echo
run list

title "Stop it"
run stop "$id"
run list

title "That was all of it, in $((SECONDS - started)) s. To go on:"
cat <<TEXT
  make install                                        puts runner-agent into /usr/local/bin
  runner-agent serve                                  an agent of your own, on your engine
  runner-agent start --path DIRECTORY                 run a directory with a Dockerfile and .runner/config.yml
  runner-agent start --location url:https://github.com/OWNER/REPO/tree/main/
  runner-agent logs -f ID                             follow its log
README.md says more; Protocol/ describes what clients send.
TEXT
