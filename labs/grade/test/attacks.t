#!/usr/bin/env perl
# Submissions that are broken, or that try to fool or to hurt the grader: each scores as it should, with a message.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Path qw(make_path);
use POSIX ();
use Test::More;
use lib dirname(__FILE__);
use Grading qw($folder tree slurp spew submission grade);

our $tree = tree('2a', 'solution');
my $path = 'kernel/mm/hole_search.c';
my $right = slurp("$tree/$path");

# Grades one case of a submission: attack(NAME, FILES, OUTCOME, WORDS).
sub attack {
        my ($name, $files, $outcome, $words, @options) = @_;
        my $run = grade($tree, submission(%$files), '--case', 'exact-fit', @options);
        my $case = $run->{json} && $run->{json}{cases}[0];
        is $case && $case->{outcome}, $outcome, "$name: $outcome" or diag $run->{said};
        like $run->{said}, $words, "$name: with a message";
        return $run;
}

# The right file with more at its end, or with more at the start of the search.
sub with_more { return ($path => "$right\n$_[0]\n") }
sub with_in_search { return ($path => $right =~ s/(\buintptr_t hole = tree->range\.base;)/$1\n$_[0]/r) }

attack('the solution', { $path => $right }, 'passed', qr/10\/10/);

# The sanitizer calls functions of its own for an array that is large and lives in a block.
attack('a large array in a block',
        { with_in_search('for (unsigned i = 0; i < 2; i++) { volatile char line[512]; line[i] = 0; line[i + 1] = ' .
                'line[i]; }') }, 'passed', qr/10\/10/);

# --- broken

{
        local $tree = tree('2a', 'starter');
        attack('nothing handed in', {}, 'wrong',
                qr/hole_search\.c was not handed in: the file that the step began with is graded/);
}
attack('a file that does not compile', { with_more('int x = ;') }, 'not built',
        qr/does not compile\. The compiler says:.*hole_search\.c:\d+:\d+: error: expected expression/s);
attack('a binary', { $path => "\x7fELF\0\0\0" }, 'not built', qr/no source file: it holds bytes that are no text/);
attack('a file that is too large', { $path => '/' x 300_000 }, 'not built', qr/larger than 256 KiB/);
my $hang = attack('a hang', { with_in_search('for (volatile unsigned i = 0; ; i++);') }, 'hung',
        qr/operation: map a 8K rw- anywhere -> 0x10000|operation: map a 8K rw- anywhere/);
like $hang->{said}, qr/your file: hole_search .*hole_search\.c:\d+/, 'a hang: names the function and the line';
my $crash = attack('a crash', { with_in_search('*(volatile int *)8 = 1;') }, 'crashed',
        qr/AddressSanitizer: SEGV|null pointer/);
like $crash->{said}, qr/your file: hole_search .*hole_search\.c:\d+.*called by: /s,
        'a crash: the student\'s line first';
attack('abort()', { with_in_search('__builtin_trap();') }, 'crashed', qr/sanitizer stopped|ended by signal/);

# --- fooling

attack('printing that it passed', { $path => "#include \"lib/printf.h\"\n" . ({ with_in_search(
        'kprintf("exact-fit: passed\n"); return false;') }->{$path}) }, 'wrong',
                qr/the answer was no_memory, but 8 KiB fit/);
attack('an event forged', { with_in_search('trace_tree_colour(tree->id, 1, RED);') }, 'wrong', qr/found: /);
attack('an answer forged', { with_in_search('trace_space_end(1, 1, ERROR_OK, 0x10000); return false;') }, 'wrong',
        qr/found: /);
attack('the end of the script forged', { with_in_search('trace_script_end(1, VERDICT_PASSED);') }, 'wrong',
        qr/the script ends, but it has more lines/);
attack('the end of the run forged', { with_in_search('trace_end(1, 0, VERDICT_PASSED); __builtin_trap();') }, 'wrong',
        qr/found: /);
attack('memory changed behind the primitives',
        { with_in_search('if (region_tree_first(tree)) region_tree_first(tree)->end += PAGE_SIZE;') }, 'wrong',
                qr/found: /);
attack('a node changed behind the primitives',
        { with_in_search('if (request->size == PAGE_SIZE) region_tree_first(tree)->links.node.parent_and_colour ^= 1;') }, 'wrong', qr/found: .*changed unseen/);
attack('an event left out', { $path => $right =~ s/tell_visit\(tree, above, TAKEN\);//r }, 'wrong', qr/found: .*visit/);
attack('events without end', { with_in_search('for (;;) tell_visit(tree, NULL, TOO_SMALL);') }, 'wrong', qr/found: /);
attack('a Makefile, a test and a case of its own', {
        $path => $right, Makefile => "all:\n\tfalse\n", 'labs/grade/build' => "exit 0\n", 'kernel/test/script.c' => 'x',
        'labs/2-holes/cases/exact-fit.case' => 'x', "a file with ' \" and blanks.c" => 'x', '; rm -rf x' => 'y',
}, 'passed', qr/10\/10/);

# --- hurting

attack('inline assembly', { with_more('void f(void); void f(void) { __asm__("cli"); }') }, 'not built',
        qr/hole_search\.c:\d+: inline assembly is not allowed/);
attack('inline assembly, pasted',
        { with_more("#define A(x) __##x##__\nstatic inline void f(void) { A(asm)(\"cli\"); }") }, 'not built',
        qr/inline assembly is not allowed/);
attack('inline assembly between quotes',
        { with_more("#define A(x) __##x##__\nstatic inline char f(void) { char c = '\"'; A(asm)(\"cli\"); return c + " .
                "'\"'; }") }, 'not built',
        qr/hole_search\.c:\d+: inline assembly is not allowed/);
attack('inline assembly behind a number with a quote',
        { with_more("static inline char f(void) { int n = 1'0; char c = '\"'; __asm__(\"cli\"); return c + n + '\"'; }") }, 'not built',
        qr/inline assembly is not allowed/);
attack('a raw string',
        { with_more("static inline char f(void) { const char *s = R\"(\")\"; __asm__(\"cli\"); return *s; }") },
        'not built',
        qr/hole_search\.c:\d+: a raw string is not allowed/);
attack('inline assembly that only the second reading shows',
        { with_in_search("\n#if __has_include(\"build/kernel-messages.txt\")\n__asm__(\"ud2\");\n#endif\n") }, 'passed',
                qr/10\/10/);
attack('inline assembly, as if of another file', { with_more("# 1 \"kernel/arch/cpu.h\"\nstatic int a;") }, 'not built',
        qr/a line directive is not allowed/);
attack('inline assembly, as if of another file, hidden',
        { with_more("/* */ %:\\\n line 1 \"kernel/arch/cpu.h\"\nstatic int a;") }, 'not built',
        qr/a line directive is not allowed/);
# A line directive before the right file, hidden from who looks for `#' at the beginning of a line.
sub with_first { return ($path => "$_[0]\nstatic int a;\n$right") }
my @refused = ('not built', qr/hole_search\.c:\d+: a line directive is not allowed/);
my $directive = '# 1 "kernel/arch/cpu.h"';
attack('a line directive behind a byte order mark', { with_first("\xef\xbb\xbf$directive") }, @refused);
attack('a line directive behind a comment that there is not',
        { with_first("#if __has_include(</*>)\n#endif\n$directive\n/* */") }, @refused);
attack('a line directive on two lines, the first ending with a blank',
        { with_first("#\\ \nline 1 \"kernel/arch/cpu.h\"") }, @refused);
attack('a line directive with comments in it', { with_first("/*\n*/ # /*\n*/ 1 \"kernel/arch/cpu.h\"") }, @refused);
attack('a line directive in a raw string', { with_first("static const char s[] = R\"(\n$directive\n)\";") }, @refused);
# Names that reach the assembler as they are written, and headers that a macro changes: what is not asked for with
# `asm'.
my $assembly = '\n\t.pushsection .data\nstolen: .incbin \"/etc/hostname\"\n\t.popsection\n';
my @hidden = ('not built', qr/hole_search\.c:\d+: inline assembly is not allowed here, nor what may hide it/);
attack('inline assembly in #ident', { with_more("#ident \"x\\\"$assembly\t.ident \\\"y\"") }, @hidden);
attack('inline assembly in the name of a weak reference',
        { with_more("static int f(void) __attribute__((weakref(\"memcpy$assembly#\"))); static inline int g(void) { " .
                "return f(); }") }, @hidden);
attack('inline assembly in the version of a name',
        { with_more("__attribute__((symver\n(\"hole\@V1\" \"$assembly#\"))) bool hole_search_serves(const struct " .
                "region_tree *, const struct placement *);") }, @hidden);
attack('inline assembly of a header, changed by a macro',
        { with_first("#define volatile (\"nop\"); __asm__ volatile\n#include \"arch/cpu.h\"\n#undef volatile") },
                'not built',
        qr/hole_search\.c: a macro of this file changes the header kernel\/arch\/cpu\.h/);
attack('a function of the sanitizers',
        { with_in_search("#ifdef __SANITIZE_ADDRESS__\nvoid __sanitizer_set_report_path(const char *); " .
                "__sanitizer_set_report_path(\"x\");\n#endif") },
        'not built', qr/something that this step does not offer: __sanitizer_set_report_path/);
attack('a file outside', { with_more('#include "/etc/passwd"') }, 'not built',
        qr/it includes \/etc\/passwd, which is not one of/);
attack('a file outside, by ..', { with_more('#include "../../Makefile"') }, 'not built',
        qr/it includes .*Makefile, which is not one of/);
attack('a file outside, by .incbin', { with_more('__asm__(".incbin \"/etc/passwd\"");') }, 'not built',
        qr/inline assembly is not allowed/);
attack('a constructor',
        { with_more('static volatile int a; __attribute__((constructor)) static void f(void) { a = 1; }') },
        'not built', qr/section of this name is not allowed/);
attack('a constructor of the sanitizer\'s priority',
        { with_more('static volatile int a; __attribute__((constructor(99))) static void f(void) { a = 1; }') },
                'not built', qr/section of this name is not allowed/);
attack('a section of its own', { with_more('__attribute__((section(".boot"))) int x = 1;') }, 'not built',
        qr/not allowed: \.boot/);
attack('a function of the C library', { with_in_search('extern int system(const char *); system("true");') },
        'not built',
        qr/something that this step does not offer: system/);
attack('a function in place of the C library\'s',
        { with_more('long write(int a, const void *b, unsigned long c); long write(int a, const void *b, unsigned ' .
                'long c) { (void)a; (void)b; return (long)c; }') },
        'not built', qr/must be static: write/);
attack('a function in place of the kernel\'s',
        { with_more('struct region *region_tree_next(const struct region *region) { return (struct region ' .
                '*)(uintptr_t)region; }') },
        'not built', qr/must be static: region_tree_next/);
attack('a second name for a function',
        { with_more('bool other(const struct region_tree *, const struct placement *, uintptr_t *) ' .
                '__attribute__((alias("hole_search")));') },
        'not built', qr/must be static: other/);
attack('a function that is chosen at start',
        { with_more('static int one(void) { return 1; } static void *choose(void) { return (void *)one; } int ' .
                'chosen(void) __attribute__((ifunc("choose")));') },
        'not built', qr/not allowed|must be static: chosen|offer/);
attack('an endless build',
        { with_more("#define A(x) x x x x x x x x\n" .
                join("\n", map { my $n = chr(ord('A') + $_); my $l = chr(ord('A') + $_ - 1);
                        "#define $n(x) $l(x) $l(x) $l(x) $l(x) $l(x) $l(x) $l(x) $l(x)" } 1 .. 12) . "\nint a = M(1 +) 0;") },
        'not built', qr/does not compile|took longer/);
attack('a file without end, included', { with_more('#include "/dev/zero"') }, 'not built',
        qr/memory|it includes \/dev\/zero|took longer/);
attack('macros that fill the memory',
        { with_more("#define A(x) x x x x x x x x\n#define E(x) x\n" .
                join("\n", map { my $n = chr(ord('F') + $_); my $l = $_ ? chr(ord('F') + $_ - 1) : 'A';
                        "#define $n(x) $l(x) $l(x) $l(x) $l(x) $l(x) $l(x) $l(x) $l(x)" } 0 .. 12) . "\nint a = E(R(1 +)) 0;") },
        'not built', qr/memory|Killed|took longer/);
attack('endless recursion',
        { $path => $right =~ s/(\buintptr_t hole = tree->range\.base;)/$1\n        uintptr_t more[64] = { hole };\n        if (more[0] \&\& hole_search(tree, request, base)) return more[hole % 64];/r },
        'crashed', qr/stack-overflow/);

my $outside = submission();
symlink '/etc/passwd', "$folder/passwd";
mkdir "$outside/kernel";
mkdir "$outside/kernel/mm";
symlink "$folder/passwd", "$outside/$path";
my $run = grade($tree, $outside, '--case', 'exact-fit');
is $run->{json}{cases}[0]{outcome}, 'not built', 'a symbolic link: not built';
like $run->{said}, qr/hole_search\.c: it is not taken: there is a symbolic link on the way/,
        'a symbolic link: with a message';
unlike $run->{said}, qr/root:/, 'a symbolic link: nothing of the file is shown';

$outside = submission();
mkdir "$folder/elsewhere";
mkdir "$folder/elsewhere/mm";
spew("$folder/elsewhere/mm/hole_search.c", $right);
symlink "$folder/elsewhere", "$outside/kernel";
$run = grade($tree, $outside, '--case', 'exact-fit');
is $run->{json}{cases}[0]{outcome}, 'not built', 'a folder that is a link out of the submission: not built';
like $run->{said}, qr/hole_search\.c: it is not taken: there is a symbolic link on the way/, '... with a message';

$outside = submission();
make_path("$outside/kernel/mm");
POSIX::mkfifo("$outside/$path", 0644) or die "$path: $!";
$run = grade($tree, $outside, '--case', 'exact-fit');
is $run->{json}{cases}[0]{outcome}, 'not built', 'a pipe in place of a source: not built';
like $run->{said}, qr/hole_search\.c: it is no file/, '... with a message';

$outside = submission($path => $right);
truncate "$outside/$path", 1 << 30 or die "$path: $!";
$run = grade($tree, $outside, '--case', 'exact-fit');
is $run->{json}{cases}[0]{outcome}, 'not built', 'a file of a gigabyte: not built';
like $run->{said}, qr/hole_search\.c: this is no source file: it is larger than 256 KiB/, '... with a message';

$outside = submission($path => $right, "kernel/mm/hole_search.c\n$path" => 'x', "\e[2J\nrm -rf x" => 'x');
is grade($tree, $outside, '--case', 'exact-fit')->{json}{score}, 10, 'file names with a newline in them: not looked at';

my $odd = "$folder/it's a \"folder\"; rm -rf \$HOME";
spew("$odd/$path", $right);
is grade($tree, $odd, '--case', 'exact-fit')->{json}{score}, 10,
        'a folder with blanks and quotes in its name is graded as any other';

# The compiler of Ubuntu notes in each object that it guards branches, and checks the sizes of copies.
my $ubuntu = "$folder/ubuntu";
system("cp -a '$tree/.' '$ubuntu' && chmod -R a+rX '$ubuntu'") == 0 or die;
spew("$ubuntu/build/host/flags",
        slurp("$tree/build/host/flags") =~ s/\n/ -fcf-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2\n/r);
is grade($ubuntu, submission($path => $right), '--case', 'exact-fit')->{json}{score}, 10,
        'objects as another compiler makes them are taken';

is slurp("$tree/$path"), $right, 'the tree is as it was';
done_testing;
