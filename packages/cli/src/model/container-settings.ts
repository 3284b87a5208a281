/** Settings of a container that lobbie passes to the engine unchanged. Absent: the engine's default. */
export interface ContainerSettings {
  readonly hostname?: string;
  readonly domainname?: string;
  readonly dns?: readonly string[];
  readonly dnsSearch?: readonly string[];
  readonly dnsOptions?: readonly string[];
  /** `name:address` */
  readonly extraHosts?: readonly string[];
  readonly tty?: boolean;
  readonly stdinOpen?: boolean;
  readonly init?: boolean;
  readonly readOnly?: boolean;
  readonly privileged?: boolean;
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly securityOpt?: readonly string[];
  readonly groupAdd?: readonly string[];
  readonly devices?: readonly { readonly host: string; readonly container: string; readonly permissions: string }[];
  readonly deviceCgroupRules?: readonly string[];
  readonly deviceRequests?: readonly DeviceRequest[];
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly ulimits?: readonly { readonly name: string; readonly soft: number; readonly hard: number }[];
  readonly shmSizeBytes?: number;
  readonly logging?: { readonly driver?: string; readonly options: Readonly<Record<string, string>> };
  readonly runtime?: string;
  readonly ipc?: string;
  readonly pid?: string;
  readonly uts?: string;
  readonly userns?: string;
  readonly cgroup?: string;
  readonly cgroupParent?: string;
  readonly isolation?: string;
  readonly storageOpt?: Readonly<Record<string, string>>;
  readonly oomKillDisable?: boolean;
  readonly oomScoreAdj?: number;
  readonly pidsLimit?: number;
  readonly memoryBytes?: number;
  readonly memoryReservationBytes?: number;
  /** -1: unlimited. */
  readonly memorySwapBytes?: number;
  readonly memorySwappiness?: number;
  /** 1 means one core. */
  readonly cpus?: number;
  readonly cpuShares?: number;
  readonly cpuset?: string;
  readonly cpuQuota?: number;
  readonly cpuPeriod?: number;
  readonly cpuRtPeriod?: number;
  readonly cpuRtRuntime?: number;
  readonly cpuCount?: number;
  readonly cpuPercent?: number;
  readonly blkio?: BlkioConfig;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface DeviceRequest {
  readonly driver?: string;
  /** -1: all devices. */
  readonly count?: number;
  readonly deviceIds?: readonly string[];
  readonly capabilities: readonly string[];
  readonly options?: Readonly<Record<string, string>>;
}

export interface BlkioConfig {
  readonly weight?: number;
  readonly weightDevice?: readonly { readonly path: string; readonly weight: number }[];
  /** Bytes per second. */
  readonly deviceReadBps?: readonly { readonly path: string; readonly rate: number }[];
  readonly deviceWriteBps?: readonly { readonly path: string; readonly rate: number }[];
  /** Operations per second. */
  readonly deviceReadIops?: readonly { readonly path: string; readonly rate: number }[];
  readonly deviceWriteIops?: readonly { readonly path: string; readonly rate: number }[];
}
