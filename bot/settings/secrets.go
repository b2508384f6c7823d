package settings

import (
	"net/url"
	"reflect"
)

// Secrets are the texts of all secrets in settings, so that none of them goes anywhere by way of what people write.
// The password of an address is one as well.
func Secrets(s Settings) []string {
	var all []string
	eachSecret(reflect.ValueOf(s), func(text string) {
		if text == "" {
			return
		}
		all = append(all, text)
		if u, err := url.Parse(text); err == nil {
			if password, has := u.User.Password(); has && password != "" {
				all = append(all, password)
			}
		}
	})
	return all
}

func eachSecret(v reflect.Value, found func(text string)) {
	switch {
	case !v.IsValid() || !v.CanInterface():
		return
	case v.Kind() == reflect.Pointer, v.Kind() == reflect.Interface:
		eachSecret(v.Elem(), found)
		return
	case isSecret(v.Type()):
		if public, ok := v.Interface().(publicSecret); ok && public.Public() {
			return
		}
		if secret, ok := v.Interface().(secretGetter); ok {
			found(secret.Reveal())
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			eachSecret(v.Field(i), found)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			eachSecret(v.MapIndex(key), found)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachSecret(v.Index(i), found)
		}
	}
}
