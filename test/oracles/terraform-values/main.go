// Evaluates modules of Terraform with HashiCorp's own HCL and cty: variables with their defaults, locals, conditionals, functions. What a provider would say is unknown.
// Reads one folder a line, writes one line of JSON for each: resources with the attributes that are wholly known. With `fmt` as its argument it reads file names and says which ones the formatter would change.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

type answer struct {
	Folder    string                                `json:"folder"`
	Error     string                                `json:"error,omitempty"`
	Resources map[string]map[string]json.RawMessage `json:"resources,omitempty"`
}

var functions = map[string]function.Function{
	"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "chomp": stdlib.ChompFunc, "coalescelist": stdlib.CoalesceListFunc, "compact": stdlib.CompactFunc,
	"concat": stdlib.ConcatFunc, "contains": stdlib.ContainsFunc, "distinct": stdlib.DistinctFunc, "element": stdlib.ElementFunc, "flatten": stdlib.FlattenFunc,
	"floor": stdlib.FloorFunc, "format": stdlib.FormatFunc, "formatlist": stdlib.FormatListFunc, "join": stdlib.JoinFunc, "jsondecode": stdlib.JSONDecodeFunc,
	"jsonencode": stdlib.JSONEncodeFunc, "keys": stdlib.KeysFunc, "length": stdlib.LengthFunc, "lookup": stdlib.LookupFunc, "lower": stdlib.LowerFunc,
	"max": stdlib.MaxFunc, "merge": stdlib.MergeFunc, "min": stdlib.MinFunc, "range": stdlib.RangeFunc, "regex": stdlib.RegexFunc, "reverse": stdlib.ReverseListFunc,
	"setproduct": stdlib.SetProductFunc, "slice": stdlib.SliceFunc, "sort": stdlib.SortFunc, "split": stdlib.SplitFunc, "substr": stdlib.SubstrFunc,
	"title": stdlib.TitleFunc, "trimprefix": stdlib.TrimPrefixFunc, "trimspace": stdlib.TrimSpaceFunc, "trimsuffix": stdlib.TrimSuffixFunc, "upper": stdlib.UpperFunc,
	"values": stdlib.ValuesFunc, "zipmap": stdlib.ZipmapFunc, "try": tryfunc.TryFunc, "can": tryfunc.CanFunc,
	"tostring": stdlib.MakeToFunc(cty.String), "tonumber": stdlib.MakeToFunc(cty.Number), "tobool": stdlib.MakeToFunc(cty.Bool),
	"toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)), "tolist": stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)), "tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)),
}

func main() {
	isFormat := len(os.Args) > 1 && os.Args[1] == "fmt"
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		if isFormat {
			text, err := os.ReadFile(in.Text())
			fmt.Fprintf(out, "%v\n", err == nil && string(hclwrite.Format(text)) == string(text))
			continue
		}
		line, _ := json.Marshal(evaluate(in.Text()))
		out.Write(line)
		out.WriteByte('\n')
	}
}

func evaluate(folder string) (result answer) {
	result.Folder = folder
	defer func() {
		if problem := recover(); problem != nil {
			result.Error = fmt.Sprint(problem)
		}
	}()
	files, _ := filepath.Glob(filepath.Join(folder, "*.tf"))
	parser := hclparse.NewParser()
	bodies := []*hclsyntax.Body{}
	for _, file := range files {
		parsed, diags := parser.ParseHCLFile(file)
		if diags.HasErrors() {
			result.Error = diags.Error()
			return
		}
		bodies = append(bodies, parsed.Body.(*hclsyntax.Body))
	}
	variables := map[string]cty.Value{}
	types := map[string]cty.Type{}
	defaults := map[string]*typeexpr.Defaults{}
	locals := map[string]hclsyntax.Expression{}
	root := map[string]cty.Value{"data": cty.DynamicVal, "module": cty.DynamicVal, "self": cty.DynamicVal, "path": cty.DynamicVal, "terraform": cty.DynamicVal, "each": cty.DynamicVal, "count": cty.DynamicVal}
	for _, body := range bodies {
		for _, block := range body.Blocks {
			switch block.Type {
			case "variable":
				name := block.Labels[0]
				variables[name] = cty.DynamicVal
				if attribute, ok := block.Body.Attributes["type"]; ok {
					if constraint, fallback, diags := typeexpr.TypeConstraintWithDefaults(attribute.Expr); !diags.HasErrors() {
						types[name], defaults[name] = constraint, fallback
					}
				}
				if attribute, ok := block.Body.Attributes["default"]; ok {
					value, diags := attribute.Expr.Value(nil)
					if !diags.HasErrors() {
						variables[name] = converted(value, types[name], defaults[name])
					}
				}
			case "locals":
				for name, attribute := range block.Body.Attributes {
					locals[name] = attribute.Expr
				}
			case "resource":
				root[block.Labels[0]] = cty.DynamicVal
			}
		}
	}
	for _, file := range valueFiles(folder) {
		parsed, diags := parser.ParseHCLFile(file)
		if diags.HasErrors() {
			continue
		}
		for name, attribute := range parsed.Body.(*hclsyntax.Body).Attributes {
			if _, ok := variables[name]; !ok {
				continue
			}
			if value, diags := attribute.Expr.Value(nil); !diags.HasErrors() {
				variables[name] = converted(value, types[name], defaults[name])
			}
		}
	}
	root["var"] = cty.ObjectVal(variables)
	known := map[string]cty.Value{}
	for name := range locals {
		known[name] = cty.DynamicVal
	}
	context := &hcl.EvalContext{Variables: root, Functions: functions}
	// Each pass settles at least one further local of a chain.
	for pass := 0; pass < 12; pass++ {
		root["local"] = cty.ObjectVal(known)
		next := map[string]cty.Value{}
		for name, expression := range locals {
			value, diags := expression.Value(context)
			if diags.HasErrors() {
				value = cty.DynamicVal
			}
			next[name] = value
		}
		known = next
	}
	root["local"] = cty.ObjectVal(known)
	result.Resources = map[string]map[string]json.RawMessage{}
	for _, body := range bodies {
		for _, block := range body.Blocks {
			if block.Type != "resource" {
				continue
			}
			values := map[string]json.RawMessage{}
			walk(block.Body, "", context, values)
			result.Resources[block.Labels[0]+"."+block.Labels[1]] = values
		}
	}
	return
}

func converted(value cty.Value, wanted cty.Type, fallback *typeexpr.Defaults) cty.Value {
	if wanted == cty.NilType {
		return value
	}
	if fallback != nil && !value.IsNull() {
		value = fallback.Apply(value)
	}
	made, err := convert.Convert(value, wanted)
	if err != nil {
		return cty.DynamicVal
	}
	return made
}

func valueFiles(folder string) []string {
	own, _ := filepath.Glob(filepath.Join(folder, "terraform.tfvars"))
	automatic, _ := filepath.Glob(filepath.Join(folder, "*.auto.tfvars"))
	sort.Strings(automatic)
	return append(own, automatic...)
}

func walk(body *hclsyntax.Body, prefix string, context *hcl.EvalContext, values map[string]json.RawMessage) {
	for name, attribute := range body.Attributes {
		value, diags := attribute.Expr.Value(context)
		if diags.HasErrors() || !value.IsWhollyKnown() {
			continue
		}
		text, err := ctyjson.SimpleJSONValue{Value: value}.MarshalJSON()
		if err == nil {
			values[prefix+name] = text
		}
	}
	counts := map[string]int{}
	dynamic := map[string]bool{}
	for _, block := range body.Blocks {
		if block.Type == "dynamic" && len(block.Labels) > 0 {
			dynamic[block.Labels[0]] = true
		}
	}
	for _, block := range body.Blocks {
		if block.Type == "dynamic" || dynamic[block.Type] || strings.HasPrefix(block.Type, "provisioner") {
			continue
		}
		index := counts[block.Type]
		counts[block.Type]++
		walk(block.Body, fmt.Sprintf("%s%s.%d.", prefix, block.Type, index), context, values)
	}
}
