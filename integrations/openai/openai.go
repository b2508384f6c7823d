package openai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	sdk "github.com/sashabaranov/go-openai"

	"fireboss/integrations"
)

// Name is the integration's.
const Name = "openai"

// Kind is a language model behind an OpenAI-compatible API.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return defaults() },
	New: func(config any, deps integrations.Deps) (integrations.Integration, error) {
		c := config.(*Config)
		wire, err := deps.Outbound.Client(integrations.Reach{
			Integration: Name, Base: string(c.BaseURL), Private: c.PrivateNetwork, Timeout: c.Timeout, Body: maxAnswer,
		})
		if err != nil {
			return integrations.Integration{}, err
		}
		settings := sdk.DefaultConfig(c.APIKey.Reveal())
		settings.BaseURL, settings.HTTPClient = string(c.BaseURL), wire
		m := &model{api: sdk.NewClientWithConfig(settings), config: *c}
		return integrations.Integration{
			Travel: c.Travel,
			Author: &integrations.Author{Budget: c.Budget, Write: m.write},
			Check:  m.check,
		}, nil
	},
}

// grace is how much later than an answer's time limit all of it ends, so that it is the
// answer that was too slow; too short for another try.
const grace = 200 * time.Millisecond

// maxAnswer is how many bytes are read of an answer; the lists of models of some
// servers are long.
const maxAnswer = 4 << 20

// model is one model of one server.
type model struct {
	api    *sdk.Client
	config Config
	shape  atomic.Int32 // of the requests that it takes: an index of shapes
}

// shapes are the ways to ask, the best first. Who refuses one (400) is asked in the next,
// and from then on.
var shapes = []func(*sdk.ChatCompletionRequest){
	func(r *sdk.ChatCompletionRequest) { r.Temperature, r.ResponseFormat = zero, structured },
	func(r *sdk.ChatCompletionRequest) { r.ResponseFormat = structured }, // models that think take no temperature
	func(*sdk.ChatCompletionRequest) {},
	func(r *sdk.ChatCompletionRequest) { // servers of before 2024
		r.MaxTokens, r.MaxCompletionTokens = r.MaxCompletionTokens, 0 //nolint:staticcheck // SA1019: they know no other
	},
}

// zero is a temperature of 0 that is sent: the SDK leaves a real one out.
const zero = 1e-6

var structured = &sdk.ChatCompletionResponseFormat{
	Type:       sdk.ChatCompletionResponseFormatTypeJSONSchema,
	JSONSchema: &sdk.ChatCompletionResponseFormatJSONSchema{Name: "section", Schema: schema, Strict: true},
}

// write asks for one section.
func (m *model) write(ctx context.Context, a integrations.Assignment) (integrations.Draft, error) {
	request := sdk.ChatCompletionRequest{Model: m.config.Model, Messages: messages(a), MaxCompletionTokens: m.config.Answer}
	asked := tokensOf(request.Messages)
	if a.Tokens > 0 && asked+m.config.Answer > a.Tokens {
		return integrations.Draft{}, &integrations.Unwritten{Reason: integrations.Spent}
	}
	ctx, cancel := context.WithTimeout(integrations.Repeatable(ctx), m.config.Timeout+grace) // with what is tried again
	defer cancel()
	answer, err := m.ask(ctx, request)
	if err != nil {
		return integrations.Draft{}, &integrations.Unwritten{Reason: reason(ctx, err), Cause: harmless(err), Tokens: spent(err, asked)}
	}
	tokens := answer.Usage.TotalTokens
	if tokens <= 0 {
		tokens = asked + m.config.Answer
	}
	list, why, err := sentences(answer)
	if why != "" {
		return integrations.Draft{}, &integrations.Unwritten{Reason: why, Cause: err, Tokens: tokens}
	}
	return integrations.Draft{Sentences: list, Tokens: tokens}, nil
}

// ask makes the request in the shape that the server takes.
func (m *model) ask(ctx context.Context, request sdk.ChatCompletionRequest) (sdk.ChatCompletionResponse, error) {
	for shape := m.shape.Load(); ; shape++ {
		shaped := request
		shapes[shape](&shaped)
		answer, err := m.api.CreateChatCompletion(ctx, shaped)
		if err == nil {
			m.shape.Store(shape)
		}
		if err == nil || !misshapen(err) || int(shape)+1 == len(shapes) {
			return answer, err
		}
	}
}

// misshapen says whether a request was refused for what was in it. The SDK itself knows some
// models that take no temperature, or other names.
func misshapen(err error) bool {
	status, _, known := statusOf(err)
	if !known {
		return errors.Is(err, sdk.ErrReasoningModelLimitationsOther) || errors.Is(err, sdk.ErrReasoningSamplingUnsupported) || errors.Is(err, sdk.ErrReasoningModelMaxTokensDeprecated)
	}
	return (status == http.StatusBadRequest || status == http.StatusUnprocessableEntity) && !filtered(err)
}

// sentences are what an answer holds, or why it holds none.
func sentences(answer sdk.ChatCompletionResponse) ([]integrations.Sentence, integrations.Reason, error) {
	if len(answer.Choices) == 0 {
		return nil, integrations.Empty, nil
	}
	choice := answer.Choices[0]
	switch {
	case choice.FinishReason == sdk.FinishReasonContentFilter || choice.Message.Refusal != "":
		return nil, integrations.Declined, nil
	case choice.FinishReason == sdk.FinishReasonLength:
		return nil, integrations.Cut, nil
	case strings.TrimSpace(choice.Message.Content) == "":
		return nil, integrations.Empty, nil
	}
	list, err := read(choice.Message.Content)
	if err != nil {
		return nil, integrations.Garbled, fmt.Errorf("what it answered cannot be read: %w", err)
	}
	if len(list) == 0 {
		return nil, integrations.Empty, nil
	}
	return list, "", nil
}
