// A file of its own in the build, which is loaded when somebody asks for holidays.
export { default } from 'date-holidays'
