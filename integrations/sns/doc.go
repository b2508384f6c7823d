// Package sns takes what Amazon SNS delivers to an HTTPS endpoint: alarms of CloudWatch, events of EventBridge, and
// texts; see docs/integrations/sns.md.
//
// Amazon signs with a certificate of its own and gives its address along
// (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html). Anybody can make a topic, so that
// is worth nothing without the list of topics; from their names it also follows which hosts are Amazon's, and no other
// address is ever called, whatever a message says.
package sns
