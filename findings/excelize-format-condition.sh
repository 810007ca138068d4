#!/usr/bin/env bash
# Number formats with conditions, as India's lakhs and crores and prices with few places above a bound need them:
# the first section is used for every positive number, whatever its condition. GetCellValue then gives another price.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export GOPATH="$folder/go" GOFLAGS="-modcacherw -mod=mod"
cd "$folder"
cat > go.mod <<'MODULE'
module invented

go 1.25

require github.com/xuri/excelize/v2 v2.11.1
MODULE
cat > main.go <<'PROGRAM'
package main

import (
	"fmt"
	"os"

	"github.com/xuri/excelize/v2"
)

func main() {
	lakhs := `[>=10000000]##\,##\,##\,##0;[>=100000]##\,##\,##0;##,##0`
	cases := []struct {
		format, expected, surprise string
		value                      float64
	}{
		{"[>=100]0;0.00", "12.25", "12", 12.25},
		{lakhs, "1,23,456", ",1,23,456", 123456},
		{lakhs, "1,500", ",,1,500", 1500},
	}
	fmt.Println("excelize v2.11.1")
	book := excelize.NewFile()
	there := true
	for row, one := range cases {
		cell := fmt.Sprintf("A%d", row+1)
		style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &one.format})
		if err != nil {
			panic(err)
		}
		if err := book.SetCellValue("Sheet1", cell, one.value); err != nil {
			panic(err)
		}
		if err := book.SetCellStyle("Sheet1", cell, cell, style); err != nil {
			panic(err)
		}
		found, err := book.GetCellValue("Sheet1", cell)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%v as %s: expected %q, found %q\n", one.value, one.format, one.expected, found)
		there = there && found == one.surprise
	}
	if !there {
		os.Exit(1)
	}
}
PROGRAM
go run .
