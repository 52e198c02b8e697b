// Every rule, in the order of the principles. The one list that hosts import.

import type { Rule } from '../engine/lint/rule';
import { requireReplicas } from './redundancy/require-replicas';
import { requireSpread } from './redundancy/require-spread';
import { requireDisruptionBudget } from './redundancy/require-disruption-budget';
import { noUnmanagedInstance } from './redundancy/no-unmanaged-instance';
import { boundJobRetries } from './fault-tolerance/bound-job-retries';
import { requirePriority } from './isolation/require-priority';
import { requireSafeRollout } from './fault-tolerance/require-safe-rollout';
import { requireTimeout } from './fault-tolerance/require-timeout';
import { noIneffectiveTimeout } from './fault-tolerance/no-ineffective-timeout';
import { noDisabledTimeout } from './fault-tolerance/no-disabled-timeout';
import { requireErrorListener } from './fault-tolerance/require-error-listener';
import { boundPoolWait } from './isolation/bound-pool-wait';
import { boundResources } from './isolation/bound-resources';
import { requireAutoscaler } from './autoscaling/require-autoscaler';
import { noContestedCount } from './autoscaling/no-contested-count';
import { noFixedAutoscaler } from './autoscaling/no-fixed-autoscaler';
import { requireScalingRequest } from './autoscaling/require-scaling-request';
import { noDanglingTarget } from './load-balancing/no-dangling-target';
import { requireTargetHealthCheck } from './load-balancing/require-target-health-check';
import { requireProxyTimeout } from './fault-tolerance/require-proxy-timeout';
import { noSingleUpstream } from './load-balancing/no-single-upstream';
import { noStaleDns } from './failover/no-stale-dns';
import { requireRateLimit } from './isolation/require-rate-limit';
import { requireRestart } from './fault-tolerance/require-restart';
import { requireStartCondition } from './fault-tolerance/require-start-condition';
import { requireGracefulTermination } from './fault-tolerance/require-graceful-termination';
import { noBrokenHealthCheck } from './monitoring/no-broken-health-check';
import { requireStandby } from './redundancy/require-standby';
import { requireDeletionProtection } from './redundancy/require-deletion-protection';
import { requirePartialBatchResponse } from './fault-tolerance/require-partial-batch-response';
import { noShortVisibilityTimeout } from './isolation/no-short-visibility-timeout';
import { requireDraining } from './load-balancing/require-draining';
import { noUnsafeHealthCheckTiming } from './load-balancing/no-unsafe-health-check-timing';
import { requireTargetHealthReplacement } from './load-balancing/require-target-health-replacement';
import { noSingleNat } from './redundancy/no-single-nat';
import { requireAutomaticFailover } from './failover/require-automatic-failover';
import { requireDnsFailover } from './failover/require-dns-failover';
import { requireAlarm } from './monitoring/require-alarm';
import { requireAlarmAction } from './monitoring/require-alarm-action';
import { noBlindAlarm } from './monitoring/no-blind-alarm';
import { requireApiThrottle } from './isolation/require-api-throttle';
import { requireRestoreDrill } from './testing/require-restore-drill';
import { boundFunctionConcurrency } from './isolation/bound-function-concurrency';
import { requireBackup } from './redundancy/require-backup';
import { noEphemeralData } from './redundancy/no-ephemeral-data';
import { requireContainerHealthCheck } from './monitoring/require-container-health-check';
import { requireReadinessProbe } from './monitoring/require-readiness-probe';
import { requireLivenessProbe } from './monitoring/require-liveness-probe';
import { requireStartupProbe } from './monitoring/require-startup-probe';
import { noUnsafeProbe } from './monitoring/no-unsafe-probe';
import { requireDrill } from './testing/require-drill';
import { noWeakAlert } from './monitoring/no-weak-alert';
import { boundCiJob } from './testing/bound-ci-job';
import { noIgnoredFailure } from './testing/no-ignored-failure';
import { noConcurrentDeploy } from './fault-tolerance/no-concurrent-deploy';
import { boundRetries } from './fault-tolerance/bound-retries';
import { requireBackoff } from './fault-tolerance/require-backoff';
import { requireReconnect } from './fault-tolerance/require-reconnect';
import { noRetryNonIdempotent } from './fault-tolerance/no-retry-non-idempotent';
import { noRetryOnPermanentError } from './fault-tolerance/no-retry-on-permanent-error';
import { noUnhandledRejection } from './fault-tolerance/no-unhandled-rejection';
import { noCacheStampede } from './isolation/no-cache-stampede';
import { requireFallback } from './failover/require-fallback';
import { noSwallowedError } from './fault-tolerance/no-swallowed-error';
import { noBlockingInHandler } from './isolation/no-blocking-in-handler';
import { noEarlyAck } from './failover/no-early-ack';
import { requireDeadLetter } from './failover/require-dead-letter';
import { requirePublishConfirm } from './failover/require-publish-confirm';
import { requireGracefulShutdown } from './fault-tolerance/require-graceful-shutdown';
import { boundConcurrency } from './isolation/bound-concurrency';
import { requireHealthEndpoint } from './monitoring/require-health-endpoint';
import { noUnsoundHealthEndpoint } from './monitoring/no-unsound-health-endpoint';
import { requireServerTimeout } from './isolation/require-server-timeout';
import { requireCancellation } from './isolation/require-cancellation';
import { noSilentCrash } from './monitoring/no-silent-crash';
import { noUnhandledStreamError } from './fault-tolerance/no-unhandled-stream-error';
import { boundRequestBody } from './isolation/bound-request-body';
import { timeoutInversion } from './impact/timeout-inversion';
import { retryAmplification } from './impact/retry-amplification';

export const rules: readonly Rule[] = [
  requireReplicas,
  requireSpread,
  requireDisruptionBudget,
  requireStandby,
  requireBackup,
  requireDeletionProtection,
  noSingleNat,
  noEphemeralData,
  noUnmanagedInstance,
  requireRestart,
  requireStartCondition,
  requireGracefulTermination,
  requireSafeRollout,
  boundJobRetries,
  requirePartialBatchResponse,
  requireTimeout,
  noIneffectiveTimeout,
  noDisabledTimeout,
  requireErrorListener,
  boundPoolWait,
  boundResources,
  requirePriority,
  noShortVisibilityTimeout,
  boundFunctionConcurrency,
  requireApiThrottle,
  requireAutoscaler,
  noContestedCount,
  noFixedAutoscaler,
  requireScalingRequest,
  noDanglingTarget,
  requireTargetHealthCheck,
  requireDraining,
  noUnsafeHealthCheckTiming,
  requireTargetHealthReplacement,
  requireProxyTimeout,
  noSingleUpstream,
  noStaleDns,
  requireRateLimit,
  requireContainerHealthCheck,
  noBrokenHealthCheck,
  requireReadinessProbe,
  requireLivenessProbe,
  requireStartupProbe,
  noUnsafeProbe,
  requireAlarm,
  requireAlarmAction,
  noBlindAlarm,
  requireDrill,
  requireRestoreDrill,
  noWeakAlert,
  boundCiJob,
  noIgnoredFailure,
  noConcurrentDeploy,
  boundRetries,
  requireBackoff,
  requireReconnect,
  noRetryNonIdempotent,
  noRetryOnPermanentError,
  noUnhandledRejection,
  noSwallowedError,
  requireFallback,
  noCacheStampede,
  noBlockingInHandler,
  noEarlyAck,
  requireDeadLetter,
  requireAutomaticFailover,
  requireDnsFailover,
  requirePublishConfirm,
  requireGracefulShutdown,
  boundConcurrency,
  requireHealthEndpoint,
  noSilentCrash,
  noUnsoundHealthEndpoint,
  requireServerTimeout,
  requireCancellation,
  noUnhandledStreamError,
  boundRequestBody,
  retryAmplification,
  timeoutInversion,
];
