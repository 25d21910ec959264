#!/usr/bin/env perl
# What is made from --help: a manual page for each verb, and completion in bash and zsh.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $build = abs_path($ENV{BUILD} // 'build');
my $tools = abs_path(dirname(__FILE__) . '/..');
my %verbs = map { my $command = $_; $command => [ `'$build/$command' --help` =~ /^  ([a-z]+)  +[a-z]/mg ] }
        qw(regiontrace regionviz);
cmp_ok scalar @{$verbs{regiontrace}}, '>=', 9, 'the verbs of regiontrace';

SKIP: {
        skip 'help2man is not installed', 1 if system 'command -v help2man > /dev/null';
        my $folder = tempdir(CLEANUP => 1);
        symlink "$build/$_", "$folder/$_" or die "$_: $!" for qw(regiontrace regionviz);
        is system("'$tools/manual' '$folder' > /dev/null"), 0, 'tools/manual writes the pages';
        for my $page (map { my $command = $_; $command, map { "$command-$_" } @{$verbs{$command}} } sort keys %verbs) {
                my $text = do { local (@ARGV, $/) = "$folder/man/$page.1"; <> };
                like $text, qr/^\.SH NAME\n\Q$page\E \\- \w.*^\.SH SYNOPSIS\n/ms,
                        "$page has a page with its summary and its synopsis";
                like $text, qr/^\.SH "EXIT STATUS"\n\w/m, "$page: and its exit status";
        }
}

# bash, and zsh by its emulation of bash's completion, if it is installed.
sub completions {
        my ($shell, @words) = @_;
        my $list = join ' ', map { "'$_'" } @words;
        my $last = $#words;
        my $script = "source '$tools/completion.bash'; COMP_WORDS=($list); COMP_CWORD=$last; " .
                     "_understory '$build/$words[0]'; printf '%s\\n' \"\${COMPREPLY[\@]}\"";
        open my $out, '-|', 'bash', '-c', $script or die "bash: $!";
        chomp(my @lines = <$out>);
        return join ' ', @lines;
}
is completions(bash => 'regiontrace', 'ch'), 'check', 'a verb is completed';
is completions(bash => 'regiontrace', ''), join(' ', @{$verbs{regiontrace}}), 'all verbs are offered';
is completions(bash => 'regiontrace', 'check', '--j'), '--json', 'an option of the verb is completed';
like completions(bash => 'regionviz', 'tree', '--'), qr/--output .*--theme/, 'all options of the verb are offered';
chdir $tools;
is completions(bash => 'regiontrace', 'check', 'run-'), 'run-tests', 'a file is completed';
done_testing;
