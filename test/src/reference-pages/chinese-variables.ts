import type { environmentSchema } from '@stagewatch/server/platform/environment.ts'

/** What the variables of the environment mean, in Chinese. */
export const chineseVariables: Readonly<Record<keyof typeof environmentSchema.shape, string>> = {
  HOST: '监听的地址；设为 0.0.0.0 时，网络中的其他机器可以访问，此后读取数据需要密钥或登录。',
  PORT: '监听的端口；0 表示任选一个空闲端口。',
  PUBLIC_URL: '人员和屏幕访问服务器所用的地址，例如 https://board.example.com：须为独立的主机名，不带路径。',
  ALLOWED_HOSTS: '除服务器自身和 PUBLIC_URL 的名称之外，服务器还响应哪些主机名或地址，以逗号分隔。',
  TRUSTED_PROXIES: '服务器前面的代理，地址或 CIDR 网段，以逗号分隔；只采信来自它们的 X-Forwarded-For 和 Forwarded。',
  DATABASE_URL: 'PostgreSQL 15 或更新版本，可以列出多台主机；不设则使用 DATA_DIR 中的内置数据库。',
  DATA_DIR: '内置数据库的文件夹。',
  UPLOAD_DIR:
    '存放待导入的上传文件的文件夹，每个文件在最后一次使用后保留 24 小时；默认为 DATA_DIR 中的 uploads。同一负载均衡之后的服务器必须共用它。',
  UPLOAD_MAX_BYTES: '单个上传文件的大小上限，以字节计；一个厂区最多同时有 20 个文件，合计为此值的四倍。',
  BACKUP_DIR: '服务器每天备份到这个文件夹，最好在另一块磁盘上；不设则不备份。',
  BACKUP_AT: '每天何时备份，以本机时区为准。',
  BACKUP_KEEP: '该文件夹中保留的备份个数，更旧的会删除。',
  AUDIT_HEADS_DIR:
    '服务器每分钟把封印记录的最新哈希值写入这个文件夹；默认为 DATA_DIR 中的 audit-heads。放在另一台机器上更有证明力。',
  ARCHIVE_DIR:
    '归档文件夹，其中的文件是早已结束的订单的事件；默认为 DATA_DIR 中的 archives。使用同一 PostgreSQL 的服务器必须共用它，并且需要单独备份。',
  DEMO: '内置数据库为空时是否建立示例工厂：on 或 off。',
  LOG_LEVEL: '写入哪个级别以上的日志：fatal、error、warn、info、debug、trace 或 silent。',
  SLOW_STATEMENT_MS: '数据库语句执行多久算慢并写入日志，以毫秒计；0 表示不记录。',
  MEMORY_VISITS: '一个厂区有多少次最近结束的停留保存在内存中，每次约 43 字节；更早的由查询从数据库读取，速度较慢。',
  METRICS_TOKEN: 'Prometheus 读取 /metrics 时发送的令牌，至少 16 个字符。',
  OTEL_EXPORTER_OTLP_ENDPOINT:
    'OpenTelemetry：通过 HTTP 接收链路和指标的收集器，例如 http://collector:4318；不设则不导出。',
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT:
    'OpenTelemetry：仅用于链路的完整 URL，例如 https://traces.example.com/v1/traces。',
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT:
    'OpenTelemetry：仅用于指标的完整 URL，例如 https://metrics.example.com/v1/metrics。',
  OTEL_EXPORTER_OTLP_HEADERS: 'OpenTelemetry：每次导出所带的标头，例如 authorization=Bearer%20TOKEN；多个以逗号分隔。',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'OpenTelemetry：http/protobuf（默认）或 http/json。',
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'OpenTelemetry：同上，仅用于链路。',
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'OpenTelemetry：同上，仅用于指标。',
  OTEL_TRACES_EXPORTER: 'OpenTelemetry：none 表示不导出链路。',
  OTEL_METRICS_EXPORTER: 'OpenTelemetry：none 表示不导出指标。',
  OTEL_SERVICE_NAME: 'OpenTelemetry：本服务的名称，默认为 stagewatch。',
  OTEL_RESOURCE_ATTRIBUTES:
    'OpenTelemetry：本服务的其他属性，例如 deployment.environment.name=production；多个以逗号分隔。',
  OTEL_TRACES_SAMPLER:
    'OpenTelemetry：导出哪些链路：always_on、always_off、traceidratio，或在它们前面加上 parentbased_；默认为 parentbased_always_on。',
  OTEL_TRACES_SAMPLER_ARG: 'OpenTelemetry：traceidratio 导出的链路比例，例如 0.1；默认为 1。',
  OTEL_BSP_SCHEDULE_DELAY: 'OpenTelemetry：两次导出链路的间隔，以毫秒计；默认为 5000。',
  OTEL_METRIC_EXPORT_INTERVAL: 'OpenTelemetry：两次导出指标的间隔，以毫秒计；默认为 60000。',
  OTEL_SDK_DISABLED: 'OpenTelemetry：true 表示无论其他设置如何，都不导出。',
  WEBHOOK_PRIVATE_NETWORKS:
    'on：Webhook 和渠道可以发往本机和内网，也可以不用 TLS；此时厂区管理员能让服务器访问它所能到达的任何地址。',
  AUTH_SECRET: '为会话 Cookie 签名的密钥，至少 32 个字符；不设则在数据库中保存一个随机生成的密钥。',
  SECRETS_KEY:
    '加密渠道和 Webhook 的密码和密钥，32 个随机字节的 Base64（openssl rand -base64 32）；多个以逗号分隔，最新的在前。不设则在 DATA_DIR 中保存一个；多台服务器共用 PostgreSQL 时必须设置。',
  SMTP_URL: '发送邀请和密码重置邮件的邮件服务器，例如 smtp://user:password@host:587；不设则由管理员自行转交链接。',
  MAIL_FROM: '邮件的发件人，例如 Stagewatch <stagewatch@example.com>。',
  OIDC_ISSUER: '用于单点登录的 OpenID Connect 提供方；请为其客户端登记重定向 URI：PUBLIC_URL/api/auth/callback/oidc。',
  OIDC_CLIENT_ID: '本服务器在提供方的客户端 ID。',
  OIDC_CLIENT_SECRET: '本服务器在提供方的客户端密钥。',
  OIDC_TRUST_EMAIL: 'on：提供方不发送 email_verified 时，视邮箱为已验证；只适用于用户不能自行选择邮箱的提供方。',
  OIDC_NAME: '登录页上显示的提供方名称。',
}
