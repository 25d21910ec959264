# Makes the kernel's symbol table, in C, from what `nm --numeric-sort` prints of a first link. Of nothing it makes an
# empty table, with which that first link is done.

BEGIN {
        print "#include \"lib/symbols.h\"\n"
        print "__attribute__((section(\".symbols\")))"
        print "const struct symbol symbol_table[] = {"
        end = "0"
}

$3 == "kernel_text_start" { next }
$3 == "kernel_text_end" { end = "0x" $1; next }
$2 ~ /^[tT]$/ { printf "        { 0x%s, \"%s\" },\n", $1, $3 }

END { printf "        { %s, NULL },\n};\n", end }
