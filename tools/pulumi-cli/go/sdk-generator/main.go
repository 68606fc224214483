// Command sdk-generator binds the schema of a Pulumi package, as the engine does, and writes an SDK for each language.
//
//	sdk-generator SCHEMA          only binds the schema
//	sdk-generator SCHEMA FOLDER   writes FOLDER/nodejs, FOLDER/python and FOLDER/go
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/blang/semver"
	gocodegen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// tool is the name in the first comment of each generated file.
const tool = "npm run sdks"

// sdkVersion is the version of Pulumi's Go SDK that the generated code needs. Go takes it or a newer one.
const sdkVersion = "v3.248.0"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 || len(args) > 2 {
		return errors.New("usage: sdk-generator SCHEMA [FOLDER]")
	}
	spec, err := readSpec(args[0])
	if err != nil {
		return err
	}
	if len(args) == 1 {
		_, err := bind(spec)
		return err
	}
	for language, generate := range generators {
		// A generator changes the package, so each gets its own.
		bound, err := bind(spec)
		if err != nil {
			return err
		}
		files, err := generate(bound)
		if err != nil {
			return fmt.Errorf("the SDK for %s: %w", language, err)
		}
		if err := writeFiles(filepath.Join(args[1], language), files); err != nil {
			return err
		}
	}
	return nil
}

// generators has, for each language, the function that returns the files of its SDK.
var generators = map[string]func(*schema.Package) (map[string][]byte, error){
	"nodejs": func(pkg *schema.Package) (map[string][]byte, error) {
		return nodejs.GeneratePackage(tool, pkg, nil, nil, false, nil)
	},
	"python": func(pkg *schema.Package) (map[string][]byte, error) {
		return python.GeneratePackage(tool, pkg, nil, nil)
	},
	"go": func(pkg *schema.Package) (map[string][]byte, error) {
		files, err := gocodegen.GeneratePackage(tool, pkg, nil)
		if err != nil {
			return nil, err
		}
		info, _ := pkg.Language["go"].(gocodegen.GoPackageInfo)
		if info.ModulePath == "" {
			return nil, errors.New("the schema has no language.go.modulePath")
		}
		// The generator names an older SDK, which lacks functions that its code calls.
		files["go.mod"] = fmt.Appendf(nil,
			"module %s\n\ngo 1.25\n\nrequire (\n\tgithub.com/blang/semver v3.5.1+incompatible\n"+
				"\tgithub.com/pulumi/pulumi/sdk/v3 %s\n)\n", info.ModulePath, sdkVersion)
		return files, nil
	},
}

func readSpec(file string) (schema.PackageSpec, error) {
	var spec schema.PackageSpec
	text, err := os.ReadFile(file)
	if err != nil {
		return spec, err
	}
	if err := json.Unmarshal(text, &spec); err != nil {
		return spec, fmt.Errorf("%s is not a schema: %w", file, err)
	}
	return spec, nil
}

// bind also fails on warnings: each is a mistake in the schema that some language would show.
func bind(spec schema.PackageSpec) (*schema.Package, error) {
	pkg, diagnostics, err := schema.BindSpec(spec, noPackages{}, schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	if len(diagnostics) == 0 {
		return pkg, nil
	}
	lines := make([]string, len(diagnostics))
	for i, one := range diagnostics {
		lines[i] = "  - " + strings.TrimSuffix(one.Summary+": "+one.Detail, ": ")
	}
	return nil, fmt.Errorf("Pulumi's binder does not accept the schema:\n%s", strings.Join(lines, "\n"))
}

// noPackages loads the packages that a schema refers to: ours refers to none.
type noPackages struct{}

func (noPackages) LoadPackage(name string, _ *semver.Version) (*schema.Package, error) {
	return nil, fmt.Errorf("the schema refers to the package %s", name)
}

func (n noPackages) LoadPackageV2(_ context.Context, other *schema.PackageDescriptor) (*schema.Package, error) {
	return n.LoadPackage(other.Name, other.Version)
}

func writeFiles(folder string, files map[string][]byte) error {
	for name, content := range files {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
