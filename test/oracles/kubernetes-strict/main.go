// Decodes Kubernetes manifests by the types of the API itself, as strictly as an API server does: unknown fields, fields written twice and values of another type are errors.
// Reads one path a line, writes one line of JSON for each: the errors of its documents. Kinds that are not built in are left out.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
)

type answer struct {
	Objects int      `json:"objects"`
	Errors  []string `json:"errors"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		if err := out.Encode(read(lines.Text())); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func read(path string) (result answer) {
	result.Errors = []string{}
	defer func() {
		if panic := recover(); panic != nil {
			result.Errors = append(result.Errors, fmt.Sprint(panic))
		}
	}()
	text, err := os.ReadFile(path)
	if err != nil {
		result.Errors = append(result.Errors, err.Error())
		return result
	}
	decoder := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	documents := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return result
		}
		if err != nil {
			result.Errors = append(result.Errors, err.Error())
			return result
		}
		if len(bytes.TrimSpace(document)) == 0 {
			continue
		}
		_, kind, err := decoder.Decode(document, nil, nil)
		if err == nil {
			result.Objects++
			continue
		}
		if runtime.IsNotRegisteredError(err) || runtime.IsMissingKind(err) || runtime.IsMissingVersion(err) {
			continue
		}
		name := "document"
		if kind != nil {
			name = kind.Kind
		}
		result.Errors = append(result.Errors, name+": "+err.Error())
	}
}
