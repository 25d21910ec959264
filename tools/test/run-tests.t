#!/usr/bin/env perl
# tools/run-tests says what runs, how to run again what failed, and what took longest; tools/loaded passes on how a
# command ended.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);
use Processes qw(in_session);

my $folder = tempdir(CLEANUP => 1);

sub script {
        my ($name, $text) = @_;
        open my $file, '>', "$folder/$name" or die "$name: $!";
        print $file $text;
        close $file;
        chmod 0755, "$folder/$name";
        return "'$folder/$name'";
}

sub run_tests {
        my $said = `tools/run-tests 'a build' @_ 2>&1 < /dev/null`;
        return ($? >> 8, $said);
}

my $fine = script('fine.t',
        "use Test::More; sleep 1; ok 1, 'sleeps'; is \$ENV{BUILD}, 'a build', 'knows its folder'; done_testing;");
my $ill = script('with a blank.t', "use Test::More; ok 1, 'is right'; ok 0, 'is wrong'; done_testing;");
my $dead = script('dead.t', "use Test::More; ok 1, 'lives'; exit 3;");

my ($status, $said) = run_tests($fine);
is $status, 0, 'all pass: exit status 0' or diag $said;
like $said, qr/took longest:\n +1\.\d s  \S*fine\.t: sleeps\n +0\.0 s  \S*fine\.t: knows its folder\n/,
        'the slowest come first';
like $said, qr/^All tests successful\.\nFiles=1, Tests=2, .*\nResult: PASS\n\z/m,
        'and at the end it says what prove says';

($status, $said) = run_tests($fine, $ill, $dead);
is $status, 1, 'some fail: exit status 1';
like $said, qr/^Failed: \S*with a blank\.t\n  is wrong\n  to run it again: BUILD='a build' .*prove --verbose $ill$/m,
        'the case is named, with a command to run it again';
like $said, qr/^Failed: \S*dead\.t\n  to run it again: .*dead\.t$/m, 'so is a file that ends too early';
my ($again) = $said =~ /^  to run it again: (.*blank\.t')$/m;
is system("$again > /dev/null 2>&1") >> 8, 1, 'which works';
is +(run_tests())[0], 2, 'no tests: wrong usage';

is system('tools/loaded sh -c "exit 7"') >> 8, 7, 'a loaded command ends as it does alone';
is system('tools/loaded > /dev/null 2>&1') >> 8, 2, 'no command: wrong usage';

# A command that ends at once meets loops that have hardly begun. All are in one session: none may be left in it.
my $leader = `setsid sh -c 'for i in 1 2 3 4 5 6 7 8 9 10; do tools/loaded true; done; echo \$\$'`;
is_deeply [ in_session($leader) ], [], 'no loop is left behind';
open my $pipe, '-|', 'setsid', 'sh', '-c', 'echo $$; exec sleep 60' or die "setsid: $!";
my $sleeper = readline $pipe;
chomp $sleeper;
is_deeply [ in_session($sleeper) ], [$sleeper], 'one that is left behind would be seen';
kill TERM => $sleeper;
done_testing;
