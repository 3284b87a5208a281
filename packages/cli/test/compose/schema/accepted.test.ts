import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkFile } from '../../../src/compose/schema/check-file.ts';
import { describeService } from '../../../src/compose/schema/describe-keys.ts';
import { fileLines } from './problem-lines.ts';

/** Forms that each key of a service may have, one per line. */
const FORMS = `
image: debian:trixie
build: .
build: {context: ., dockerfile: D, args: [A=1, B], target: t, labels: {a: b}, tags: [x], network: host, extra_hosts: [a=1.2.3.4]}
build: {dockerfile_inline: FROM a, args: {A: 1, B: }, shm_size: 64m, no_cache: true, pull: "false", platforms: [linux/amd64]}
build: {cache_from: [a], cache_to: [b], provenance: false, sbom: true, ulimits: {nofile: 5}, isolation: default, privileged: true}
build: {entitlements: [a], additional_contexts: {a: b}, no_cache_filter: [a], secrets: [a, {source: b}], ssh: [default]}
pull_policy: missing
pull_policy: every_12h
pull_refresh_after: 1d
platform: linux/amd64
command: [a, "1"]
command: a b
entrypoint: []
entrypoint: ""
environment: {A: 1, B: true, C: , D: 1.5, E: text}
environment: [A=1, B]
env_file: a.env
env_file: [a.env, {path: b.env, required: false, format: raw}]
user: "1000:1000"
group_add: [1, docker]
working_dir: /a
hostname: a
domainname: a.b
tty: true
stdin_open: "yes"
init: true
labels: [a=b]
labels: {a: , b: 1}
label_file: a
label_file: [a, b]
annotations: {a: b}
ports: ["80", 80, "8080:80", "127.0.0.1:8080:80/udp", "[::1]:1:1", "8000-8010:80", "80-82:90-92", "::1:80:80"]
ports: [{target: 80, published: 8080, host_ip: 0.0.0.0, protocol: tcp, app_protocol: http, name: a, mode: host, x-a: 1}]
ports: [{target: 80, published: "8000-8010"}]
ports: []
expose: [80, "81", 90-92, "53/udp", ""]
networks: [a, b]
networks: {a: , b: {aliases: [c], ipv4_address: 1.2.3.4, ipv6_address: "::1", link_local_ips: [a], mac_address: b, driver_opts: {a: 1}, priority: 5, gw_priority: 1, interface_name: eth0}}
network_mode: host
links: [db, "db:database"]
external_links: [a]
dns: 1.1.1.1
dns: [1.1.1.1, 8.8.8.8]
dns_search: a.b
dns_opt: [use-vc]
extra_hosts: ["a:1.2.3.4", "b=::1"]
extra_hosts: {a: 1.2.3.4, b: [1.2.3.4, "::1"]}
mac_address: 02:42:ac:11:65:43
volumes: [/a, "a:/b", "./a:/b:ro,z", "C:\\\\a:/b", "~/a:/b"]
volumes: [{type: bind, source: a, target: /b, read_only: true, consistency: cached, bind: {create_host_path: false, propagation: rshared, selinux: z, recursive: enabled}}]
volumes: [{type: volume, source: a, target: /b, volume: {nocopy: true, subpath: c, labels: {a: b}}}, {type: tmpfs, target: /t, tmpfs: {size: 1g, mode: 0o1777}}]
volumes: [{type: image, source: a, target: /b, image: {subpath: c}}, {type: npipe, source: a, target: b}]
tmpfs: /run
tmpfs: [/run, "/tmp:size=64m"]
configs: [a, {source: b, target: /c, uid: "1", gid: "2", mode: 0440}]
secrets: [a, {source: b, target: c, mode: "0440"}]
volumes_from: [a]
devices: [/dev/a, "/dev/a:/dev/b:rw", {source: /dev/a, target: /dev/b, permissions: r}]
device_cgroup_rules: [c 1:3 mr]
read_only: true
shm_size: 64m
shm_size: 1000000
storage_opt: {size: 20G}
depends_on: [a, b]
depends_on: {a: {condition: service_started}, b: {condition: service_healthy, restart: true, required: false}, c: {condition: service_completed_successfully}}
healthcheck: {test: [CMD, a], interval: 5s, timeout: 1m30s, retries: 3, start_period: 1.5h, start_interval: 500ms}
healthcheck: {test: curl a, retries: "3", interval: 1d}
healthcheck: {test: [NONE]}
healthcheck: {disable: true}
healthcheck: {test: []}
restart: "no"
restart: unless-stopped
restart: on-failure:5
stop_signal: SIGINT
stop_grace_period: 1m30s
stop_grace_period: "0"
deploy: {replicas: 3, mode: replicated, endpoint_mode: vip, labels: {a: b}, restart_policy: {condition: any, delay: 5s, max_attempts: 3, window: 1m}}
deploy: {update_config: {parallelism: 1, order: start-first, delay: 5s, monitor: 10s, failure_action: pause, max_failure_ratio: 0.5}}
deploy: {rollback_config: {parallelism: 0, order: stop-first, delay: 0s, monitor: 1s, failure_action: continue, max_failure_ratio: "0.1"}}
deploy: {resources: {limits: {cpus: "0.5", memory: 512M, pids: 100}, reservations: {cpus: 0.1, memory: 64m}}}
deploy: {resources: {reservations: {devices: [{capabilities: [gpu], driver: nvidia, count: all, options: {a: b}}], generic_resources: [{discrete_resource_spec: {kind: a, value: 2}}]}}}
deploy: {placement: {constraints: [node.role==manager], preferences: [{spread: a}], max_replicas_per_node: 1}}
scale: 2
scale: "2"
container_name: my-app_1.x
profiles: [a, b]
extends: a
extends: {service: a, file: b.yaml}
logging: {driver: json-file, options: {max-size: 10m, max-file: 3, tag: }}
attach: false
develop: {watch: [{path: ., action: sync, target: /a}]}
post_start: [{command: a}]
pre_stop: [{command: [a]}]
provider: {type: a}
models: [a]
mem_limit: 1.5gb
mem_reservation: 1 GiB
memswap_limit: -1
mem_swappiness: 60
cpus: 0.5
cpus: "1.5"
cpu_shares: 512
cpu_quota: 50000
cpu_period: "100000"
cpu_rt_runtime: 1000
cpu_rt_period: 1000
cpu_count: 2
cpu_percent: 50
cpuset: 0-3
pids_limit: -1
ulimits: {nofile: 1024, nproc: {soft: 1, hard: "2"}}
oom_kill_disable: false
oom_score_adj: -500
blkio_config: {weight: 10, weight_device: [{path: /a, weight: 10}], device_read_bps: [{path: /a, rate: 1mb}], device_write_bps: [{path: /a, rate: 5}], device_read_iops: [{path: /a, rate: 5}], device_write_iops: []}
gpus: all
gpus: [{count: 1}]
cap_add: [NET_ADMIN]
cap_drop: [ALL]
security_opt: [no-new-privileges:true]
privileged: true
userns_mode: host
pid: host
ipc: shareable
uts: host
cgroup: private
cgroup_parent: a
sysctls: {net.core.somaxconn: 1024}
sysctls: [net.core.somaxconn=1024]
runtime: runc
isolation: default
credential_spec: {file: a}
use_api_socket: true
x-lobbie: {replicas: 3, report: /file, ingress: {health: "/ready?full=1", ports: [9090], drain_timeout: 30s, hold_timeout: 1m, client_timeout: 60s, server_timeout: 1m30s}}
x-lobbie: {}
x-other: [anything, {goes: 1}]
`.trim();

const TOP = `
name: a
version: "3"
services: {}
networks: {a: , b: {driver: bridge, driver_opts: {a: 1, b: c}, internal: true, attachable: true, enable_ipv4: true, enable_ipv6: false, labels: [a=b]}}
networks: {a: {external: true, name: b}, c: {external: {name: d}}}
networks: {a: {ipam: {driver: default, options: {a: b}, config: [{subnet: 10.0.0.0/8, ip_range: 10.1.0.0/16, gateway: 10.0.0.1, aux_addresses: {a: 10.0.0.2}}]}}}
volumes: {a: , b: {name: c, driver: local, driver_opts: {type: nfs, o: 1}, labels: {a: b}}, d: {external: true}}
secrets: {a: {file: ./a}, b: {environment: B, name: c, labels: {a: b}}, c: {external: true}, d: {file: a, driver: b, driver_opts: {a: 1}, template_driver: c}}
configs: {a: {file: ./a}, b: {content: text}, c: {environment: C, template_driver: a}}
x-lobbie: {history: ./history}
x-anything: 1
include: [a.yaml, ~, {path: b.yaml}, {path: [c.yaml, d.yaml], project_directory: e, env_file: f}, {path: , env_file: [g, h]}]
include:
models: {a: {model: b}}
`.trim();

describe('a Compose file', () => {
  it.each(TOP.split('\n'))('may say %s', (line) => {
    expect(fileLines(checkFile(parse(line)))).toEqual([]);
  });

  it.each(FORMS.split('\n'))('may say of a service %s', (line) => {
    expect(fileLines(checkFile({ services: { api: parse(line) } }))).toEqual([]);
  });

  it('has each key of a service tried above', () => {
    const tried = new Set(FORMS.split('\n').map((line) => line.split(':')[0]));
    const keys = describeService().flatMap((section) => section.keys.map(({ name }) => name));
    expect(keys.filter((name) => !tried.has(name))).toEqual([]);
  });
});
