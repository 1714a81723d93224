#!/bin/sh
# Grants the identities of Syncwarden what they need in this tenant, and lets its first administrator in.
#
# Needs Azure CLI, signed in (az login) to the tenant as somebody who may: Privileged Role Administrator. Azure Cloud
# Shell has it. What is granted already is left alone, so the script may be run again. It takes nothing away.
#
# Permissions are looked up by name in the tenant, which may not publish each of them: then a broader one is granted that
# serves in its place, where there is one. What fails keeps nothing else from being granted; it is summed up at the end,
# and the script ends with 1.
set -eu

usage() {
  cat >&2 <<'TEXT'
sh grant.sh --reader <object id> [--exchange] [--writer <object id> --repair <controls>]
            [--api <client id> [--administrator <object id>]]
  --reader         service principal of the identity that reads
  --exchange       also what reading Exchange itself takes, and repairing it if there is a writer
  --writer         service principal of the identity that writes
  --repair         controls that it may repair, separated by commas
  --api            application that people sign in to
  --administrator  person or group that becomes Syncwarden.Admin
TEXT
  exit 64
}

fail() {
  echo "$1" >&2
  exit 1
}

reader='' writer='' repair='' exchange='' api='' administrator=''
while [ $# -gt 0 ]; do
  case $1 in
    --exchange) exchange=yes && shift && continue ;;
    --reader | --writer | --repair | --api | --administrator) [ $# -ge 2 ] || usage ;;
    *) usage ;;
  esac
  case $1 in
    --reader) reader=$2 ;;
    --writer) writer=$2 ;;
    --repair) repair=$2 ;;
    --api) api=$2 ;;
    --administrator) administrator=$2 ;;
  esac
  shift 2
done
[ -n "$reader" ] || usage
[ -z "$writer" ] || [ -n "$repair" ] || usage
[ -z "$administrator" ] || [ -n "$api" ] || usage
for id in $reader $writer $api $administrator; do
  case $id in *[!0-9a-fA-F-]*) fail "$id is no id." ;; esac
done

# Purpose, resource, name, the controls that need it, and what serves where a tenant does not publish it. As in
# graph/permissions.json.
# generated: permissions
permissions() {
  cat <<'LIST'
read graph AdministrativeUnit.Read.All impersonation
read graph Application.Read.All sign-in,consent,impersonation
read graph AuditLog.Read.All sign-in
read graph Directory.Read.All consent
read graph Domain.Read.All password-expiry
read graph Group.ReadBasic.All impersonation GroupMember.Read.All
read graph GroupMember.ReadBasic.All impersonation GroupMember.Read.All
read graph LicenseAssignment.Read.All license
read graph Organization.Read.All password-expiry Directory.Read.All
read graph Place.Read.All impersonation
read graph Policy.Read.All sign-in
read graph RoleManagement.Read.Exchange impersonation
read graph User.Read.All account,sign-in,password-expiry,license,consent,impersonation,ews-access
read exchange Exchange.ManageAsApp account,impersonation,rooms,ews-access
write graph AppRoleAssignment.ReadWrite.All consent
write graph Application.Read.All consent
write graph DelegatedPermissionGrant.ReadWrite.All consent
write graph LicenseAssignment.ReadWrite.All license
write graph RoleManagement.ReadWrite.Exchange impersonation
write graph User.DeleteRestore.All account
write graph User.EnableDisableAccount.All account
write graph User.Read.All account
write graph User.ReadWrite.All password-expiry,license
write exchange Exchange.ManageAsApp impersonation,rooms,ews-access
LIST
}
# end of generated: permissions

# What App Service Authentication asks for.
sign_in_scopes='openid profile email'
administrator_role=857e682b-1525-42ff-8346-205b8fc08e16

microsoft_graph=https://graph.microsoft.com/v1.0
failures=''

# Takes down what could not be done, for the summary, and says it.
failed() {
  echo "  $1" >&2
  failures="$failures
  $1"
}

# Reads one value, or one per line. Azure CLI on Windows ends lines with a carriage return.
read_graph() {
  answer=$(az rest --method GET --url "$microsoft_graph/$1" --query "$2" --output tsv </dev/null) || fail "Microsoft Graph could not be read: $1"
  printf '%s' "$answer" | tr -d '\r'
}

# change_graph <method> <address> <body>
change_graph() {
  az rest --method "$1" --url "$microsoft_graph/$2" --headers Content-Type=application/json --body "$3" --output none </dev/null
}

service_principal_of() {
  read_graph "servicePrincipals(appId='$1')" id
}

# What a resource publishes in this tenant for applications: a name and its id in each line.
published_by() {
  read_graph "servicePrincipals(appId='$1')?\$select=appRoles" "appRoles[?isEnabled && contains(allowedMemberTypes, 'Application')].join(' ', [value, id])"
}

# published_id <name>, among the lines in $published. Names are compared whole.
published_id() {
  printf '%s\n' "$published" | awk -v name="$1" 'NF == 2 && $1 == name && !found++ { print $2 }'
}

# Whether one of the controls in $1 is among those that are to be repaired.
is_repaired() {
  [ -n "$(repaired_among "$1")" ]
}

# Those of the controls in $1 that are to be repaired.
repaired_among() {
  for control in $(echo "$1" | tr ',' ' '); do
    case ",$repair," in *",$control,"*) ;; *) continue ;; esac
    printf '%s' "${separator-}$control"
    separator=,
  done
}

# cost_of <read|write> <controls>
cost_of() {
  case $1 in
    read) echo "cannot be read in full without it: $2" ;;
    write) echo "cannot be repaired without it: $(repaired_among "$2")" ;;
  esac
}

# assign <principal> <resource> <app role> <name> <what it costs not to have it>
assign() {
  if printf '%s\n' "$held" | grep -qi "^$2:$3\$"; then
    echo "  $4: granted already"
    return
  fi
  address="servicePrincipals/$2/appRoleAssignedTo"
  if answer=$(change_graph POST "$address" "{\"principalId\":\"$1\",\"resourceId\":\"$2\",\"appRoleId\":\"$3\"}" 2>&1); then
    held="$held
$2:$3"
    echo "  $4: granted"
    return
  fi
  case $answer in
    # Somebody was faster, or the list was not up to date.
    *'Permission being assigned already exists'*) echo "  $4: granted already" ;;
    *)
      printf '%s\n' "$answer" >&2
      failed "$4: Microsoft Graph refused $address${5:+; $5}"
      ;;
  esac
}

# grant_by_name <read|write> <principal> <resource> <controls> <name> <what serves in its place, or nothing>
grant_by_name() {
  cost=$(cost_of "$1" "$4")
  if [ -z "$3" ]; then
    failed "$5: Office 365 Exchange Online could not be read in this tenant; $cost"
    return
  fi
  for name in $5 $6; do
    role=$(published_id "$name")
    [ -n "$role" ] || continue
    [ "$name" = "$5" ] || echo "  Warning: this tenant does not publish $5. $name, which is broader, serves in its place." >&2
    assign "$2" "$3" "$role" "$name" "$cost"
    return
  done
  failed "$5: this tenant does not publish it${6:+, nor $6}; $cost"
}

# grant <read|write> <principal>
grant() {
  echo "The identity that ${1}s ($2):"
  if ! held=$(read_graph "servicePrincipals/$2/appRoleAssignments?\$top=999" "value[].join(':', [resourceId, appRoleId])"); then
    failed "all permissions to $1: what $2 holds could not be read"
    return
  fi
  while read -r purpose resource name controls fallback; do
    [ "$purpose" = "$1" ] || continue
    [ "$purpose" = read ] || is_repaired "$controls" || continue
    case $resource in
      graph) published=$published_on_graph resource_id=$graph_id ;;
      exchange)
        [ -n "$exchange" ] || continue
        published=$published_on_exchange resource_id=$exchange_id
        ;;
    esac
    grant_by_name "$1" "$2" "$resource_id" "$controls" "$name" "$fallback"
  done <<LIST
$(permissions)
LIST
}

# An application that asks for an assignment cannot be consented to by people themselves.
let_people_in() {
  echo "Sign-in ($api):"
  if ! api_id=$(service_principal_of "$api"); then
    failed "sign-in: the application $api could not be read"
    return
  fi
  consent_for_people || failed 'consent: people cannot sign in without it'
  [ -n "$administrator" ] || return 0
  if held=$(read_graph "servicePrincipals/$api_id/appRoleAssignedTo?\$top=999" "value[?principalId=='$administrator'].join(':', [resourceId, appRoleId])"); then
    assign "$administrator" "$api_id" "$administrator_role" "Syncwarden.Admin for $administrator" ''
  else
    failed "Syncwarden.Admin for $administrator: who has it could not be read"
  fi
}

consent_for_people() {
  consent=$(read_graph "servicePrincipals/$api_id/oauth2PermissionGrants" "value[?consentType=='AllPrincipals' && resourceId=='$graph_id'].join(' ', [id, scope])") || return 1
  scopes=${consent#* } missing=''
  for scope in $sign_in_scopes; do
    case " $scopes " in *" $scope "*) ;; *) missing="$missing $scope" ;; esac
  done
  if [ -z "$consent" ]; then
    change_graph POST oauth2PermissionGrants "{\"clientId\":\"$api_id\",\"consentType\":\"AllPrincipals\",\"resourceId\":\"$graph_id\",\"scope\":\"$sign_in_scopes\"}" || return 1
    echo '  consent: granted'
  elif [ -n "$missing" ]; then
    change_graph PATCH "oauth2PermissionGrants/${consent%% *}" "{\"scope\":\"$scopes$missing\"}" || return 1
    echo "  consent: granted$missing as well"
  else
    echo '  consent: granted already'
  fi
}

# The controls that are repaired with a role in Exchange, each with that role.
# generated: roles of Exchange
roles_by_control() {
  cat <<'LIST'
impersonation Role Management
impersonation Mail Recipients
rooms Mail Recipients
ews-access Organization Configuration
LIST
}
# end of generated: roles of Exchange

# Names of the roles in Exchange with which the chosen controls can be repaired, quoted for PowerShell.
exchange_roles() {
  while read -r control role; do
    is_repaired "$control" || continue
    printf "%s'%s'" "${separator-}" "$role"
    separator=', '
  done <<LIST
$(roles_by_control)
LIST
}

# say_role_group <reader|writer> <principal> <roles>
say_role_group() {
  if ! app_id=$(read_graph "servicePrincipals/$2" appId); then
    failed "a role group in Exchange for $2: its application id could not be read"
    return
  fi
  cat <<TEXT
  \$$1 = New-ServicePrincipal -AppId $app_id -ObjectId $2 -DisplayName 'Syncwarden $1'
  New-RoleGroup -Name 'Syncwarden ${1}s' -Roles $3
  Add-RoleGroupMember -Identity 'Syncwarden ${1}s' -Member \$$1.Identity
TEXT
}

# Exchange.ManageAsApp allows nothing by itself: a role in Exchange does, and only its own PowerShell gives a narrow one.
say_exchange_steps() {
  echo 'Left to do in Exchange Online PowerShell, so that the identities may do there what they are for:'
  echo '  Connect-ExchangeOnline'
  say_role_group reader "$reader" "'View-Only Configuration', 'View-Only Recipients'"
  [ -n "$writer" ] || return 0
  roles=$(exchange_roles)
  [ -z "$roles" ] || say_role_group writer "$writer" "$roles"
}

# A name that is misspelt would be left out without a word.
for control in $(echo "$repair" | tr ',' ' '); do
  permissions | grep -Eq "^write .*[ ,]$control([ ,]|\$)" || fail "$control is no control that can be repaired."
done

graph_id=$(service_principal_of 00000003-0000-0000-c000-000000000000)
published_on_graph=$(published_by 00000003-0000-0000-c000-000000000000)
exchange_id='' published_on_exchange=''
if [ -n "$exchange" ]; then
  # Without Exchange in the tenant the rest is granted all the same.
  exchange_id=$(service_principal_of 00000002-0000-0ff1-ce00-000000000000) &&
    published_on_exchange=$(published_by 00000002-0000-0ff1-ce00-000000000000) || exchange_id=''
fi
grant read "$reader"
[ -z "$writer" ] || grant write "$writer"
[ -z "$api" ] || let_people_in
[ -z "$exchange" ] || say_exchange_steps
if [ -n "$failures" ]; then
  echo "Not granted:$failures" >&2
  echo 'All else is granted. When the cause is gone run this again.' >&2
  exit 1
fi
echo 'Done. Permissions may take some minutes to be in new tokens.'
