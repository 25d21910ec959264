#!/usr/bin/env perl
# What Gradescope gets: unpacked and run in a root of its own, laid out as Gradescope documents it, without namespaces
# inside, with half a processor and 768 MB where this machine lets a test limit them (control groups, else cpulimit);
# which, it says. results.json has the documented fields and nothing else.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Path qw(make_path);
use JSON::PP qw(decode_json encode_json);
use POSIX qw(_exit);
use Test::More;
use lib dirname(__FILE__);
use Grading qw($top $build $folder tree slurp spew);
use Results qw(is_valid);

plan skip_all => 'bubblewrap makes the root; it is not installed' if system('command -v bwrap > /dev/null');
plan skip_all => 'zip is not installed' if system('command -v zip > /dev/null');

# --- the archive, and what setup.sh leaves

my $solution = tree('2a', 'solution');          # fills the cache, too
my $said = `cd '$top' && labs/grade/gradescope 2 '$folder/release' 2>&1`;
is $?, 0, 'make gradescope' or BAIL_OUT($said);
my $room = "$folder/autograder";
make_path("$room/$_") for qw(source submission results);
system('cp', '-a', "$folder/release/gradescope-lab-2/.", "$room/source") == 0 or die;
is system('sh', '-n', "$room/source/$_"), 0, "$_ is a script" for qw(setup.sh);
is system('bash', '-n', "$room/source/run_autograder"), 0, 'run_autograder is a script';
make_path("$room/source/tree");
{
        local $ENV{CCACHE_DIR} = "$build/ccache";
        local $ENV{CCACHE_NOHASHDIR} = 1;
        local $ENV{PATH} = "/usr/lib/ccache:$ENV{PATH}";
        delete local @ENV{qw(MAKEFLAGS MAKELEVEL CI)};
        $said = `cd '$room/source' && tar -xzf tree.tar.gz -C tree --strip-components=1 && make --no-print-directory -j2 -C tree BUILD=build gradable 2>&1`;
        is $?, 0, 'the tree is built' or BAIL_OUT($said);
}
system("chmod 755 '$folder' && chmod -R a+rX '$room' && chmod 600 '$room/source/secret'");
spew("$room/submission_metadata.json",
        encode_json({ id => 1, users => [ { email => 'ada@example.org', id => 7, name => 'Ada' } ] }));

# The zip of the attack is that of a whole lab, also where one of its steps is named.
$said = `cd '$top' && labs/grade/gradescope --attack 2a '$folder/release' 2>&1`;
is $?, 0, 'make gradescope LAB=2a ATTACK=1' or diag $said;
like slurp("$folder/release/gradescope-attack-2/setup.sh"), qr/install [^\n]*patch\n.*build-mutants 2 /s,
        '... installs patch, and builds the mutants of lab 2';

like slurp("$folder/release/gradescope-attack-2/run_autograder"),
        qr{--cases /autograder/source/all/labs/2-holes/cases }, '... and judges by the cases of the whole lab';

# --- limits

# The commands that put a shell into a group with half a processor, and one with 768 MB.
sub limits {
        my (@commands, @groups);
        my ($memory) = slurp('/proc/self/cgroup') =~ /:memory:(.*)$/m;
        my %wanted = ('/sys/fs/cgroup/cpu' => [ 'cpu.cfs_quota_us', 50_000 ],
                defined $memory ? ("/sys/fs/cgroup/memory$memory" => [ 'memory.limit_in_bytes', 768 << 20 ]) : ());
        for my $parent (sort keys %wanted) {
                my ($file, $value) = @{ $wanted{$parent} };
                my $group = "$parent/understory-autograder-$$";
                next if !-e "$parent/cgroup.procs" || !mkdir $group;
                push @groups, $group;
                open my $limit, '>', "$group/$file" or next;
                print $limit $value;
                close $limit or next;
                push @commands, "echo \$\$ > $group/cgroup.procs";
        }
        return \@commands, \@groups;
}
my ($into_groups, $groups) = limits();
my $slowly = '';
if (@$into_groups < 2) {
        $slowly = 'cpulimit -q -i -l 50 -- ' if !@$into_groups && !system('command -v cpulimit > /dev/null');
}
note @$into_groups ? 'limited by control groups: ' . join ' ', @$groups : $slowly ? 'limited by cpulimit'
        : 'NOT limited: no control groups and no cpulimit';
END { rmdir for @{ $groups // [] } }

# A root with /autograder, in which bubblewrap cannot be found: so there are no namespaces for the grader.
sub autograde {
        my ($submission, @user) = @_;
        system("rm -rf '$room/submission' '$room/results' '$room/report'");
        make_path("$room/submission", "$room/results");
        spew("$room/submission/$_", $submission->{$_}) for keys %$submission;
        spew("$folder/no-bwrap", "#!/bin/sh\nexit 1\n");
        chmod 0755, "$folder/no-bwrap";
        system("chown -R $user[1]:$user[1] '$room/results' '$room/source' '$room'") if @user;
        my $command = $user[0] // '';
        my $usual = join ' ',
                map { -l "/$_" ? "--symlink usr/$_ /$_" : -d "/$_" ? "--ro-bind /$_ /$_" : () } qw(bin sbin lib lib32
                lib64);
        my ($bwrap) = `sh -c 'command -v bwrap'` =~ /(\S+)/;
        spew("$folder/run", join "\n", '#!/bin/sh', @$into_groups,
                "exec ${slowly}bwrap --unshare-pid --die-with-parent --ro-bind /usr /usr $usual --ro-bind /etc /etc " .
                        "--proc /proc --dev /dev --perms 1777 --tmpfs /tmp " .
                "--bind '$room' /autograder --ro-bind '$folder/no-bwrap' '$bwrap' --setenv PATH " .
                "/usr/local/bin:/usr/bin:/bin --chdir / $command /autograder/source/run_autograder", '');
        my $before = time;
        my $out = `sh '$folder/run' 2>&1`;
        my $json = slurp("$room/results/results.json");
        return { seconds => time - $before, out => $out, text => $json, results => $json ? eval { decode_json($json) }
                : undef };
}

# --- submissions

my $file = 'kernel/mm/hole_search.c';
my $run = autograde({ $file => slurp("$solution/$file") });
is_valid($run, 'the solution');
note "the solution took $run->{seconds} s";
is $run->{results}{score}, 100, 'the solution: 100 points' or diag $run->{out}, slurp("$room/report/grader-said.txt");
like $run->{results}{output}, qr/no namespaces here/, 'it says which isolation there was';
cmp_ok $run->{seconds}, '<', 600, "within Gradescope's ten minutes: $run->{seconds} s";

my $wrong = autograde({ 'hole_search.c' => slurp("$solution/$file") =~ s/>= request->size/> request->size/r });
is_valid($wrong, 'a mistake, uploaded without its folders');
my ($case) = grep { $_->{name} =~ /^exact-fit/ } @{ $wrong->{results}{tests} };
is $case->{score}, 0, 'the case fails';
like $case->{output},
        qr/<pre>expected: .*operation: map d 8K.*<img alt="[^"]+"[^>]* src="data:image\/png;base64,iVBOR/s,
        '... with words and a picture';
my $again = autograde({ 'hole_search.c' => slurp("$solution/$file") =~ s/>= request->size/> request->size/r });
is $again->{text}, $wrong->{text}, 'a regrade gives the same results, byte for byte';

$run = autograde({});
is_valid($run, 'an empty submission');
is $run->{results}{score}, 5, 'an empty submission gets what the starter gets';
like $run->{results}{output}, qr/hole_search\.c was not handed in/, '... and is told so';

SKIP: {
        skip 'only root can become another user', 2 if $>;
        $run = autograde({ $file => slurp("$solution/$file") }, 'setpriv --reuid=65534 --regid=65534 --clear-groups --',
                65534);
        is_valid($run, 'as a user without privileges');
        is $run->{results}{score}, 100, 'as a user without privileges: 100 points' or diag $run->{out},
                slurp("$room/report/grader-said.txt");
}

# --- a sandbox that is required

my $none = "$folder/none";
make_path($none);
symlink "$folder/no-bwrap", "$none/bwrap";
$said = `cd '$solution' && PATH='$none':"\$PATH" build/grade --step 2a --sandbox require --output '$folder/r' 2>&1`;
is $? >> 8, 2, '--sandbox=require without namespaces: the grader refuses';
like $said, qr/--sandbox=require: bubblewrap cannot make a sandbox here/, '... and says why';
ok !-e "$folder/r/grade.json", '... and grades nothing';
$said = `cd '$solution' && PATH='$none':"\$PATH" build/grade --step 2a --sandbox auto --case exact-fit --output '$folder/r' 2>&1`;
like $said, qr/passed +10\/10.*no namespaces here: limits on time, output and files only/s,
        '--sandbox=auto grades, and says what is missing';
done_testing;
