#!/usr/bin/env perl
# Runs the cases of import.cases, and tries usage errors.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $regiontrace = ($ENV{BUILD} // 'build') . '/test/regiontrace';        # under sanitizers
my $folder = tempdir(CLEANUP => 1);

sub slurp {
        my ($path) = @_;
        open my $file, '<', $path or return undef;
        local $/;
        return <$file> // '';
}

sub run {
        my (@arguments) = @_;
        my $pid = fork // die "fork: $!";
        if (!$pid) {
                open STDIN, '<', '/dev/null';
                open STDOUT, '>', "$folder/stdout";
                open STDERR, '>', "$folder/stderr";
                exec $regiontrace, 'import', @arguments or exit 127;
        }
        waitpid $pid, 0;
        return { status => $? & 127 ? "signal " . ($? & 127) : $? >> 8,
                 map { $_ => slurp("$folder/$_") } qw(stdout stderr) };
}

# The operations of a script: without remarks, blank lines and columns.
sub operations {
        my ($text) = @_;
        return join '', map { s/\s*#.*//r =~ s/\s+/ /gr . "\n" } grep { !/^\s*(#|$)/ } split /\n/, $text // '';
}

sub read_cases {
        my ($path) = @_;
        my (@cases, $block);
        open my $file, '<', $path or die "$path: $!";
        while (<$file>) {
                next if /^#/;
                if (/^NAME (.*)/) { push @cases, { name => $1, status => 0 }; undef $block }
                elsif (/^STATUS (\d+)/) { $cases[-1]{status} = $1; undef $block }
                elsif (/^ARGUMENTS (.*)/) { $cases[-1]{arguments} = [ split / /, $1 ]; undef $block }
                elsif (/^MESSAGE (.*)/) { $cases[-1]{message} = $1; undef $block }
                elsif (/^(INPUT|OUTPUT)$/) { $block = lc $1; $cases[-1]{$block} = '' }
                elsif ($block) { $cases[-1]{$block} .= $_ }
        }
        return @cases;
}

for my $case (read_cases(dirname($0) . '/import.cases')) {
        open my $file, '>', "$folder/case.strace" or die $!;
        print $file $case->{input};
        close $file;
        unlink "$folder/case.ops";
        my $got = run(@{$case->{arguments} // []}, "$folder/case.strace", '-o', "$folder/case.ops");
        my $script = slurp("$folder/case.ops");
        subtest $case->{name} => sub {
                is $got->{status}, $case->{status}, 'exit status' or diag $got->{stderr};
                is operations($script), operations($case->{output}), 'operations' if defined $case->{output};
                ok !defined $script, 'no script is written' if $case->{status};
                like $got->{stderr}, qr/\Q$case->{message}\E/, 'message' if defined $case->{message};
        };
}

is run('--help')->{status}, 0, '--help is fine';
is run()->{status}, 2, 'no capture: wrong usage';
is run('a', 'b')->{status}, 2, 'two captures: wrong usage';
is run('--bad')->{status}, 2, 'an unknown option: wrong usage';
is run("$folder/absent")->{status}, 2, 'no such capture';
is run("$folder/case.strace", '-o', "$folder/absent/x.ops")->{status}, 2, 'no such folder to write to';
like run("$folder/case.strace")->{stdout}, qr/^map stack/m, 'without -o the script goes to standard output';

{
        open my $file, '>', "$folder/zero.strace" or die $!;
        print $file "brk(NULL)\0 = 0x1000\n";
        close $file;
        my $got = run("$folder/zero.strace");
        is $got->{status}, 1, 'a zero byte is refused';
        like $got->{stderr}, qr/line 1 holds a zero byte/, 'and said to be one';
}
done_testing;
