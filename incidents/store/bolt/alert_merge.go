package bolt

import (
	"fireboss/incidents"
	"fireboss/incidents/alerts"
)

// firing are the alerts of an incident that are not over.
func (p *plan) firing(n incidents.Number) (list []alerts.Alert, err error) {
	prefix := key{}.number(n)
	p.prefix(alertsOf, prefix, func(k, _ []byte) bool {
		at, _ := takeUint(k[len(prefix):])
		var a alerts.Alert
		if a, _, err = p.alert(alerts.Number(at)); err == nil && a.Open() {
			list = append(list, a)
		}
		return err == nil
	})
	return list, err
}

// carry takes what fires along from one incident into another, which say so themselves.
func (p *plan) carry(from, into incidents.Number) error {
	list, err := p.firing(from)
	if err != nil {
		return err
	}
	for _, was := range list {
		a := was.Carried(into)
		p.removeAlertIndexes(was)
		p.putAlert(a)
		if err := p.tell(a); err != nil {
			return err
		}
	}
	return nil
}
