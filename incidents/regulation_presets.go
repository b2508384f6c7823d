package incidents

// lawOf is the day whose law the presets follow.
const lawOf = "2026-11-25"

// Names of stages and moments that several presets have.
const (
	stageWarning      = "early_warning"
	stageNotification = "notification"
	stageInitial      = "initial"
	stageIntermediate = "intermediate"
	stageFinal        = "final"
	momentClassified  = "classified"
	momentFix         = "fix_available"
)

func hours(n int, from string) Term { return Term{from, n, Hours} }
func days(n int, from string) Term  { return Term{from, n, CalendarDays} }
func month(from string) Term        { return Term{from, 1, Months} }

func stage(name, title string, terms ...Term) Stage {
	return Stage{Name: name, Title: title, Terms: terms}
}

// presets are the regulations that every Fireboss knows. What stands here is what
// the texts say of times, not what they say of who has to do what: it is no legal
// advice, and people are told so.
var presets = []Regulation{
	{
		Name: "gdpr", Title: "GDPR Art. 33", AsOf: lawOf,
		Source: "https://eur-lex.europa.eu/eli/reg/2016/679/oj", // Art. 33(1)
		Start:  "awareness of the breach",
		Stages: []Stage{stage(stageNotification, "notification of the supervisory authority", hours(72, FromStart))},
	},
	{
		Name: "hipaa", Title: "HIPAA Breach Notification Rule", AsOf: lawOf,
		Source: "https://www.ecfr.gov/current/title-45/section-164.404", // (b): 60 calendar days after discovery
		Start:  "discovery of the breach",
		Stages: []Stage{stage(stageNotification, "notification of those affected", days(60, FromStart))},
	},
	{
		Name: "nis2", Title: "NIS2 Art. 23", AsOf: lawOf,
		Source: "https://eur-lex.europa.eu/eli/dir/2022/2555/oj", // Art. 23(4)(a), (b) and (d)
		Start:  "awareness of the significant incident",
		Stages: []Stage{
			stage(stageWarning, "early warning", hours(24, FromStart)),
			stage(stageNotification, "incident notification", hours(72, FromStart)),
			stage(stageFinal, "final report", month(FromSubmitted(stageNotification))),
		},
	},
	{
		Name: "nis2_trust", Title: "NIS2 Art. 23 (trust service providers)", AsOf: lawOf,
		Source: "https://eur-lex.europa.eu/eli/dir/2022/2555/oj", // Art. 23(4), last subparagraph
		Start:  "awareness of the significant incident",
		Stages: []Stage{
			stage(stageWarning, "early warning", hours(24, FromStart)),
			stage(stageNotification, "incident notification", hours(24, FromStart)),
			stage(stageFinal, "final report", month(FromSubmitted(stageNotification))),
		},
	},
	{
		Name: "dora", Title: "DORA (RTS 2025/301 Art. 5)", AsOf: lawOf,
		Source:  "https://eur-lex.europa.eu/eli/reg_del/2025/301/oj", // Art. 5(1)(a), (b) and (c)
		Start:   "awareness of the incident",
		Moments: []Moment{{momentClassified, "classification as a major incident"}},
		Stages: []Stage{
			stage(stageInitial, "initial notification", hours(4, momentClassified), hours(24, FromStart)),
			{Name: stageIntermediate, Title: "intermediate report", Terms: []Term{hours(72, FromSubmitted(stageInitial))}, Repeats: true},
			stage(stageFinal, "final report", month(FromSubmitted(stageIntermediate))),
		},
	},
	{
		Name: "cra", Title: "CRA Art. 14 (severe incident)", AsOf: lawOf,
		Source: "https://eur-lex.europa.eu/eli/reg/2024/2847/oj", // Art. 14(4); in force since 11 September 2026 (Art. 71(2))
		Start:  "awareness of the severe incident",
		Stages: []Stage{
			stage(stageWarning, "early warning", hours(24, FromStart)),
			stage(stageNotification, "incident notification", hours(72, FromStart)),
			stage(stageFinal, "final report", month(FromSubmitted(stageNotification))),
		},
	},
	{
		Name: "cra_vulnerability", Title: "CRA Art. 14 (exploited vulnerability)", AsOf: lawOf,
		Source:  "https://eur-lex.europa.eu/eli/reg/2024/2847/oj", // Art. 14(2)
		Start:   "awareness of the actively exploited vulnerability",
		Moments: []Moment{{momentFix, "a corrective or mitigating measure being available"}},
		Stages: []Stage{
			stage(stageWarning, "early warning", hours(24, FromStart)),
			stage(stageNotification, "vulnerability notification", hours(72, FromStart)),
			stage(stageFinal, "final report", days(14, momentFix)),
		},
	},
	{
		Name: "sec", Title: "SEC Form 8-K Item 1.05", AsOf: lawOf,
		Source: "https://www.sec.gov/files/form8-k.pdf", // Item 1.05(a) and General Instruction B.1
		Start:  "the finding that the incident is material",
		Stages: []Stage{stage("filing", "filing of Form 8-K", Term{FromStart, 4, BusinessDays})},
		Days:   USFederal,
	},
}

// Presets are the regulations that every Fireboss knows. They are not to be changed.
func Presets() []Regulation { return presets }
