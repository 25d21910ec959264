#!/usr/bin/env perl
# Step t, attack: a script gets a point for each kind of mutant that it catches and the solution passes. Scripts are not
# trusted.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Grading qw($top $build $folder tree slurp spew submission grade);

my $tree = tree('2a', 'solution');
my $mutants = "$folder/mutants";
my $said = `cd '$top' && BUILD='$build' CCACHE_DIR='$build/ccache' labs/grade/build-mutants 2 '$mutants' 2a 2>&1`;
is $?, 0, 'the mutants are built' or BAIL_OUT($said);
# The scripts below are about one step of the lab.
spew("$mutants/list", join '', grep { /^\S+ \| 2a \|/ } split /^/, slurp("$mutants/list"));
my %kind_of = map { (split ' *\| *')[0, 3] } grep { !/^solution/ } split /\n/, slurp("$mutants/list");
cmp_ok scalar(keys %kind_of), '>=', 15, 'there are mutants';
is $kind_of{'exact-fit-refused'}, 'exact-fit', 'a kind is the name of the case ...';
is $kind_of{'large-hole-overflows'}, 'large-holes', '... or what the line `kind\' says';

sub attack {
        my (%files) = @_;
        return grade($tree, submission(map { ("attacks/$_" => $files{$_}) } keys %files), '--attack', '--mutants', $mutants);
}
sub caught {
        my ($run) = @_;
        return sort map { $_->{name} } grep { $_->{outcome} eq 'passed' } @{ $run->{json}{cases} };
}

# --- points

my $run = attack('tail.ops' => "space 0x10000 0x20000\nmap a 56K rw- anywhere\nmap b 12K rw- anywhere -> no_memory\n");
is $run->{json}{points}, scalar(keys %{ { reverse %kind_of } }), 'a point for each kind';
ok((grep { $_ eq 'tail-too-small' } caught($run)), 'a script that catches a mutant gets the point of its kind');
ok(!(grep { $_ eq 'large-holes' } caught($run)), 'but not those of others');
like $run->{said}, qr/^passed +1\/1 +tail-too-small: caught by attacks\/tail\.ops$/m, 'the report says by which script';
like $run->{said}, qr/^missed +0\/1 +large-holes: not caught yet$/m, '... and which kinds are left,';
unlike $run->{said}, qr/16 bits|large-hole-overflows/, '... without what the mutant does';
is grade($tree, "$folder/submission", '--attack', '--mutants', $mutants)->{said}, $run->{said},
        'a regrade says the same';

# Cases of the lab, and a hole of 64 KiB between regions, one of a page, many regions.
my %good = map { (split /\//)[-1] =~ s/case$/ops/r => slurp($_) =~ s/.*^script\n//msr }
        grep { slurp($_) =~ /^step 2a$/m && slurp($_) =~ /^script$/m }
        glob "'$top'/labs/2-holes/cases/*.case";
my @wanted = qw(empty-space.ops exact-fit.ops first-hole.ops full-space.ops guards-of-neighbours.ops lowest-hole.ops
        other-requests.ops tail-too-small.ops);
my %of_cases = map { $_ => $good{$_} } @wanted;
my @of_cases = caught(attack(%of_cases));
my %all = reverse %kind_of;
ok !(grep { /large-holes|many-regions/ } @of_cases), 'the scripts of the cases do not catch every kind';
my $deep = "space 0x10000 0x60000\nmap a 4K rw- at 0x20000\nmap b 8K rw- anywhere -> 0x10000\n";
my $many = "space 0x10000 0x60000\n" . join('', map { "map r$_ 4K rw- anywhere\n" } 1 .. 12);
$run = attack(%of_cases, 'deep.ops' => $deep, 'many.ops' => $many);
is_deeply [caught($run)], [sort keys %all], 'scripts that were thought about do' or diag $run->{said};
is $run->{status}, 0, '... and the exit status says so';

# --- scripts that are not right, or not scripts

my $of_all = "space 0x10000 0x20000\nmap a 8K rw- anywhere -> 0x12000\n";
$run = attack('wrong.ops' => $of_all);
is_deeply [caught($run)], [], 'a script that the solution does not pass catches nothing';
like $run->{said}, qr/attacks\/wrong\.ops: the solution of step 2a does not pass it: map a 8K rw- anywhere: .*the script expects ok 0x12000/, '... with a message';
$run = attack('long.ops' => "map a 4K rw- anywhere\n" x 21, 'empty.ops' => '', 'text.ops' => "rm -rf /\n",
        'huge.ops' => '#' x 300_000,
        'bytes.ops' => "\0\xff" x 30, 'no-script.c' => 'x');
like $run->{said}, qr/long\.ops is not taken: it has 21 operations; 1 to 20 are allowed/, 'more than 20 operations';
like $run->{said}, qr/empty\.ops is not taken: it has 0 operations/, 'an empty script';
like $run->{said}, qr/text\.ops is not taken: line 1: /, 'what is no script';
like $run->{said}, qr/huge\.ops is not taken: it is larger than/, 'a huge one';
like $run->{said}, qr/bytes\.ops is not taken: line 1: /, 'bytes';
unlike $run->{said}, qr/no-script/, 'other files are not looked at';
$run = attack(map { ("s$_.ops" => "find 0x10000\n") } 1 .. 12);
like $run->{said}, qr/s\d+\.ops is not taken: 10 scripts are allowed/, 'more than ten scripts';
$run = attack('everything.ops' => "unmap 0x10000 127T\nprotect 0x10000 127T r--\nmap a 127T rwx replace 0x10000 " .
        "guard 1T 1T\n",
        "a ' \" \$(touch x) and blanks.ops" => $deep);
is_deeply [grep { $_ eq 'large-holes' } caught($run)], ['large-holes'],
        'odd names, and operations on the whole space, harm nothing';
my $outside = submission();
mkdir "$outside/attacks";
symlink '/etc/passwd', "$outside/attacks/link.ops";
mkdir "$outside/attacks/folder.ops";
$run = grade($tree, $outside, '--attack', '--mutants', $mutants);
like $run->{said}, qr/link\.ops: it is not taken: there is a symbolic link on the way/, 'a symbolic link';
like $run->{said}, qr/folder\.ops: it is no file/, 'a folder';
unlike $run->{said}, qr/root:/, 'nothing of the file is shown';
$outside = submission();
symlink '/etc', "$outside/attacks";
like grade($tree, $outside, '--attack', '--mutants', $mutants)->{said}, qr/No script was taken/,
        'a link in place of the folder';

# --- a student has no mutants

$run = grade($tree, submission('attacks/deep.ops' => $deep, 'attacks/wrong.ops' => $of_all), '--attack');
is $run->{status}, 1, 'without mutants: 1 if a script cannot be handed in';
like $run->{said}, qr/deep\.ops: this tree's kernel passes it/, '... each is run on the tree\'s own kernel';
like $run->{said}, qr/wrong\.ops: this tree's kernel does not pass it/, '... which may not pass it';
unlike $run->{said}, qr/points/, '... and there are no points';
done_testing;
