// Reads rule files as Prometheus does: paths on standard input, one line of JSON for each on standard output.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"sort"

	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

type alert struct {
	Group     string   `json:"group"`
	Name      string   `json:"name"`
	ForMs     int64    `json:"forMs"`
	RangeMs   int64    `json:"rangeMs"`
	Metrics   []string `json:"metrics"`
	Functions []string `json:"functions"`
}

type answer struct {
	Alerts []alert `json:"alerts"`
	Error  string  `json:"error,omitempty"`
}

func keys(set map[string]bool) []string {
	list := []string{}
	for key := range set {
		list = append(list, key)
	}
	sort.Strings(list)
	return list
}

func read(path string) answer {
	groups, errs := rulefmt.ParseFile(path, false)
	if len(errs) > 0 {
		return answer{Error: errs[0].Error()}
	}
	found := answer{Alerts: []alert{}}
	for _, group := range groups.Groups {
		for _, rule := range group.Rules {
			if rule.Alert == "" {
				continue
			}
			expression, err := parser.ParseExpr(rule.Expr)
			if err != nil {
				return answer{Error: err.Error()}
			}
			metrics, functions := map[string]bool{}, map[string]bool{}
			var longest int64
			parser.Inspect(expression, func(node parser.Node, _ []parser.Node) error {
				switch one := node.(type) {
				case *parser.VectorSelector:
					if one.Name != "" {
						metrics[one.Name] = true
					}
				case *parser.Call:
					functions[one.Func.Name] = true
				case *parser.MatrixSelector:
					longest = max(longest, one.Range.Milliseconds())
				case *parser.SubqueryExpr:
					longest = max(longest, one.Range.Milliseconds())
				}
				return nil
			})
			found.Alerts = append(found.Alerts, alert{group.Name, rule.Alert, int64(rule.For) / 1_000_000, longest, keys(metrics), keys(functions)})
		}
	}
	return found
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		if lines.Text() != "" {
			_ = out.Encode(read(lines.Text()))
		}
	}
}
