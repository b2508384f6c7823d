// Package eventbridge takes events of Amazon EventBridge from an API destination; see docs/integrations/eventbridge.md.
//
// All are in one envelope (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html). Those of
// GuardDuty, Security Hub, Health, CloudTrail and CloudWatch are read by what is in them, others as something to be
// known. The same events come through SNS, so [Read] and [Alarm] are also for integrations/sns.
package eventbridge
