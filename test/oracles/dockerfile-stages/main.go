// Reads Dockerfiles by BuildKit's own parser. Takes one path a line; writes one JSON object a line: what each stage says, or the error.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

type command struct {
	Words []string `json:"words"`
	Shell bool     `json:"shell"`
}

type health struct {
	Test     []string `json:"test"`
	Interval int64    `json:"intervalMs"`
	Timeout  int64    `json:"timeoutMs"`
	Retries  int      `json:"retries"`
}

type stage struct {
	Name       string   `json:"name"`
	Base       string   `json:"base"`
	Cmd        *command `json:"cmd,omitempty"`
	Entrypoint *command `json:"entrypoint,omitempty"`
	Health     *health  `json:"health,omitempty"`
	Ports      []string `json:"ports"`
	User       string   `json:"user,omitempty"`
	StopSignal string   `json:"stopSignal,omitempty"`
}

type answer struct {
	File   string  `json:"file"`
	Stages []stage `json:"stages,omitempty"`
	Error  string  `json:"error,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		if err := out.Encode(read(lines.Text())); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func read(path string) (result answer) {
	result.File = path
	defer func() {
		if panic := recover(); panic != nil {
			result.Error = fmt.Sprint(panic)
		}
	}()
	file, err := os.Open(path)
	if err != nil {
		result.Error = err.Error()
		return result
	}
	defer file.Close()
	tree, err := parser.Parse(file)
	if err != nil {
		result.Error = err.Error()
		return result
	}
	stages, _, err := instructions.Parse(tree.AST, nil)
	if err != nil {
		result.Error = err.Error()
		return result
	}
	for _, from := range stages {
		one := stage{Name: from.Name, Base: from.BaseName, Ports: []string{}}
		for _, instruction := range from.Commands {
			switch it := instruction.(type) {
			case *instructions.CmdCommand:
				one.Cmd = &command{it.CmdLine, it.PrependShell}
			case *instructions.EntrypointCommand:
				one.Entrypoint = &command{it.CmdLine, it.PrependShell}
			case *instructions.HealthCheckCommand:
				one.Health = &health{it.Health.Test, it.Health.Interval.Milliseconds(), it.Health.Timeout.Milliseconds(), it.Health.Retries}
			case *instructions.ExposeCommand:
				one.Ports = append(one.Ports, it.Ports...)
			case *instructions.UserCommand:
				one.User = it.User
			case *instructions.StopSignalCommand:
				one.StopSignal = it.Signal
			}
		}
		result.Stages = append(result.Stages, one)
	}
	return result
}
