// Resolves Compose projects by compose-go, the library that Docker Compose itself uses. Reads one JSON array of file paths a line, base first; writes one JSON object a line: the project, or the error.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/cli"
)

type answer struct {
	Files   []string        `json:"files"`
	Project json.RawMessage `json:"project,omitempty"`
	Error   string          `json:"error,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var files []string
		if err := json.Unmarshal(lines.Bytes(), &files); err != nil || len(files) == 0 {
			continue
		}
		if err := out.Encode(resolve(files)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func resolve(files []string) (result answer) {
	result.Files = files
	defer func() {
		if panic := recover(); panic != nil {
			result.Error = fmt.Sprint(panic)
		}
	}()
	options, err := cli.NewProjectOptions(files,
		cli.WithWorkingDirectory(filepath.Dir(files[0])),
		cli.WithName("project"),
		cli.WithDotEnv,
		cli.WithProfiles([]string{"*"}),
		cli.WithDiscardEnvFile,
		cli.WithResolvedPaths(false),
		cli.WithNormalization(false),
		cli.WithConsistency(false),
	)
	if err != nil {
		result.Error = err.Error()
		return result
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		result.Error = err.Error()
		return result
	}
	text, err := project.MarshalJSON()
	if err != nil {
		result.Error = err.Error()
		return result
	}
	result.Project = text
	return result
}
